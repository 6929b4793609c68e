import { CartFull, CartService, QuantityTooLarge } from "@retro/contract/CartService"
import { CheckoutService, OrderNotFound, OrderStatus } from "@retro/contract/CheckoutService"
import { CurrencyService, UnsupportedCurrency } from "@retro/contract/CurrencyService"
import { ProductCatalogService, ProductNotFound } from "@retro/contract/ProductCatalogService"
import { RecommendationService } from "@retro/contract/RecommendationService"
import { AddressNotServed, ShippingService, TrackingNotFound } from "@retro/contract/ShippingService"
import { Cart, CartItem } from "@retro/domain/Cart"
import type { CurrencyCode } from "@retro/domain/Currency"
import { OrderId, ProductId, TrackingId, type UserId } from "@retro/domain/Ids"
import * as Money from "@retro/domain/Money"
import { Order, OrderItem } from "@retro/domain/Order"
import { Product } from "@retro/domain/Product"
import { BigDecimal, Clock, DateTime, Effect, Either, Layer } from "effect"

export const product = (id: string, name: string, cents: number, more: Partial<Product> = {}) =>
  new Product({
    id: ProductId.make(id),
    name,
    description: `All about ${name}.`,
    picture: `/static/covers/${id}.svg`,
    priceUsd: usd(cents),
    categories: ["puzzle"],
    platform: "Brightwell Scholar",
    year: 1984,
    players: 1,
    weightGrams: 240,
    ...more
  })

export const usd = (cents: number) => Either.getOrThrow(Money.fromNanos("USD", BigInt(cents) * 10_000_000n))

export const games = [
  product("OLJCESPC7Z", "Skarn Light", 1999),
  product("66VCHSJNUP", "Tin Weather", 1899, { platform: "Otter 8", categories: ["racing"], year: 1990 }),
  product("1YMWWN1N4O", "Grand Canal", 10999, { year: 1987 }),
  product("L9ECAV7KIM", "<script>alert('name')</script>", 8999, { description: '"><img src=x onerror=alert(1)>' }),
  product("2ZYFJ3GM2N", "Moss & Motor", 2499),
  product("0PUK6V6EV0", "Paper Heron", 1899)
]

const rates: Partial<Record<CurrencyCode, string>> = {
  USD: "1.08",
  EUR: "1",
  JPY: "161.37",
  CAD: "1.5",
  GBP: "0.84",
  TRY: "36.1",
  SEK: "11"
}

/** What a tier was asked, and what it answers instead of what it would. */
export interface Tiers {
  /** Every call as "Service.rpc", in order. */
  readonly calls: Array<string>
  /** Stands in for the answer to an rpc, until it is deleted. */
  readonly instead: Map<string, Effect.Effect<any, any>>
  /** What placeOrder was asked. */
  readonly orders: Array<Parameters<typeof CheckoutService.Service.placeOrder>[0]>
  readonly carts: Map<string, { items: ReadonlyArray<CartItem>; version: number }>
  readonly products: Array<Product>
  /** The day of the rates. */
  ratesDate: string
  /** How an order that was placed stands. */
  email: OrderStatus["email"]
}

export const make = (): Tiers => ({
  calls: [],
  instead: new Map(),
  orders: [],
  carts: new Map(),
  products: [...games],
  ratesDate: "2025-11-21",
  email: "sent"
})

/** Every tag that the website asks for, answered from memory. */
export const layer = (tiers: Tiers) =>
  Layer.mergeAll(
    Layer.mock(
      ProductCatalogService,
      watched(tiers, "ProductCatalog", {
        listProducts: () => Effect.succeed({ products: tiers.products, nextPageToken: "" }),
        getProduct: ({ id }) =>
          Effect.fromNullable(tiers.products.find((product) => product.id === id)).pipe(
            Effect.orElseFail(() => new ProductNotFound({ productId: id }))
          ),
        searchProducts: ({ category, platform, query }) => {
          const results = tiers.products.filter(
            (product) =>
              product.name.toLowerCase().includes(query.toLowerCase()) &&
              (category === "" || product.categories.includes(category)) &&
              (platform === "" || product.platform === platform)
          )
          return Effect.succeed({ results, nextPageToken: "", total: results.length })
        },
        getProducts: ({ ids }) => Effect.succeed({ products: tiers.products.filter(({ id }) => ids.includes(id)) })
      })
    ),
    Layer.mock(
      CurrencyService,
      watched(tiers, "Currency", {
        getSupportedCurrencies: () =>
          Effect.sync(() => ({
            currencyCodes: Object.keys(rates) as Array<CurrencyCode>,
            ratesDate: tiers.ratesDate
          })),
        convertBatch: ({ from, toCode }) => {
          const to = rates[toCode]
          if (to === undefined) return Effect.fail(new UnsupportedCurrency({ code: toCode }))
          const quotes = { from: BigDecimal.unsafeFromString(rates.USD ?? ""), to: BigDecimal.unsafeFromString(to) }
          const converted = from.map((amount) =>
            Either.getOrThrow(Money.exchange(amount, toCode, quotes, "minor-unit"))
          )
          return Effect.succeed({ converted, ratesDate: "2025-11-21" })
        }
      })
    ),
    Layer.mock(CartService, watched(tiers, "Cart", cartService(tiers))),
    Layer.mock(
      ShippingService,
      watched(tiers, "Shipping", {
        getQuote: ({ address }) =>
          address?.country === "AQ"
            ? Effect.fail(new AddressNotServed({ country: "AQ" }))
            : Effect.succeed({ costUsd: usd(address?.country === "JP" ? 2200 : 899) }),
        getTracking: ({ trackingId }) =>
          trackingId === "RS12345678"
            ? Effect.succeed({ trackingId, events: [{ stage: "picked-up", at: DateTime.unsafeMake(0) }] })
            : Effect.fail(new TrackingNotFound({ trackingId }))
      })
    ),
    Layer.mock(
      RecommendationService,
      watched(tiers, "Recommendation", {
        listRecommendations: ({ productIds }) =>
          Effect.succeed({
            productIds: games
              .map(({ id }) => id)
              .filter((id) => !productIds.includes(id))
              .slice(0, 5)
          })
      })
    ),
    Layer.mock(CheckoutService, watched(tiers, "Checkout", checkoutService(tiers)))
  )

/** Counts the calls of a service, and lets a test answer in its place. */
const watched = <S extends object>(tiers: Tiers, service: string, methods: S): S =>
  Object.fromEntries(
    Object.entries(methods).map(([rpc, method]) => {
      const name = `${service}.${rpc}`
      return [
        name.split(".")[1],
        (payload: unknown) => {
          tiers.calls.push(name)
          return tiers.instead.get(name) ?? method(payload)
        }
      ]
    })
  ) as S

const cartService = ({ carts }: Tiers) => {
  const of = (userId: UserId) => carts.get(userId) ?? { items: [], version: 0 }
  const put = (userId: UserId, items: ReadonlyArray<CartItem>) =>
    Effect.sync(() => void carts.set(userId, { items, version: of(userId).version + 1 }))
  return {
    getCart: ({ userId }) => Effect.sync(() => new Cart({ userId, ...of(userId) })),
    addItem: ({ item, userId }) => {
      const { items } = of(userId)
      const old = items.find(({ productId }) => productId === item.productId)
      const quantity = (old?.quantity ?? 0) + item.quantity
      if (quantity > 99) return Effect.fail(new QuantityTooLarge({ productId: item.productId, maxQuantity: 99 }))
      if (old === undefined && items.length >= 50) return Effect.fail(new CartFull({ maxLines: 50 }))
      const line = new CartItem({ productId: item.productId, quantity })
      return put(userId, old === undefined ? [...items, line] : items.map((other) => (other === old ? line : other)))
    },
    emptyCart: ({ userId }) => put(userId, []),
    setQuantity: ({ productId, quantity, userId }) => {
      const others = of(userId).items.filter((item) => item.productId !== productId)
      return put(userId, quantity === 0 ? others : [...others, new CartItem({ productId, quantity })])
    }
  } satisfies Partial<typeof CartService.Service>
}

export const orderId = OrderId.make("0b8ac4ba-6b6b-4c4f-9b57-9f1f4a0d7d11")

const checkoutService = (tiers: Tiers) => {
  const placed = new Map<UserId, Order>()
  const statusOf = (order: Order) =>
    new OrderStatus({
      orderId: order.orderId,
      state: "completed",
      payment: "charged",
      shipment: "shipped",
      email: tiers.email,
      order,
      failure: ""
    })
  return {
    placeOrder: (payload) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        tiers.orders.push(payload)
        const order = new Order({
          orderId,
          shippingTrackingId: TrackingId.make("RS12345678"),
          items: [
            new OrderItem({
              item: new CartItem({ productId: ProductId.make("OLJCESPC7Z"), quantity: 1 }),
              name: "Skarn Light",
              cost: usd(1999),
              lineTotal: usd(1999)
            })
          ],
          shippingCost: usd(899),
          total: usd(2898),
          shippingAddress: payload.address,
          placedAt: DateTime.unsafeMake(now),
          cardBrand: "visa",
          cardLastFour: "0454"
        })
        placed.set(payload.userId, order)
        return { order }
      }),
    getOrder: ({ orderId, userId }) => {
      const order = placed.get(userId)
      return order?.orderId === orderId
        ? Effect.succeed({ status: statusOf(order) })
        : Effect.fail(new OrderNotFound({ orderId }))
    },
    listOrders: ({ userId }) => {
      const order = placed.get(userId)
      return Effect.succeed({ orders: order === undefined ? [] : [statusOf(order)], hasEarlier: false })
    }
  } satisfies Partial<typeof CheckoutService.Service>
}
