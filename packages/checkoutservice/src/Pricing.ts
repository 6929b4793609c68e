import { CartUnavailable } from "@retro/contract/CartService"
import {
  CartChanged,
  EarlierOrderUnsettled,
  EmptyCart,
  OrderLimitExceeded,
  PriceChanged,
  PricingUnavailable
} from "@retro/contract/CheckoutService"
import { CurrencyService, UnsupportedCurrency } from "@retro/contract/CurrencyService"
import * as Prices from "@retro/contract/Prices"
import { ProductCatalogService, ProductNotFound } from "@retro/contract/ProductCatalogService"
import { AddressNotServed, ShippingService } from "@retro/contract/ShippingService"
import { type Address, Destination } from "@retro/domain/Address"
import type { Cart, CartItem } from "@retro/domain/Cart"
import type { CurrencyCode } from "@retro/domain/Currency"
import * as Money from "@retro/domain/Money"
import * as Order from "@retro/domain/Order"
import type { Product } from "@retro/domain/Product"
import { TimestampFromWire } from "@retro/domain/Timestamp"
import { Array, DateTime, Effect, Equal, Fiber, Schema } from "effect"

/** Goods worth more than this many US dollars are no order for a shop like ours. */
export const limitUsd = 25_000

/** A cart as it was priced, and when. */
export class PricedCart extends Schema.Class<PricedCart>("PricedCart")({
  cartVersion: Schema.Int,
  items: Schema.NonEmptyArray(Order.OrderItem),
  shippingCost: Money.FromWire,
  total: Money.FromWire,
  at: TimestampFromWire
}) {}

/** Why a cart has no price. Nothing was done yet. */
export const PricingError = Schema.Union(
  EmptyCart,
  CartChanged,
  PriceChanged,
  ProductNotFound,
  UnsupportedCurrency,
  AddressNotServed,
  OrderLimitExceeded,
  CartUnavailable,
  EarlierOrderUnsettled,
  PricingUnavailable
)

/** What a cart's price depends on. */
export interface Wanted {
  readonly currency: CurrencyCode
  readonly address: Address
  /** What the shopper saw; undefined for whatever it is now. */
  readonly cartVersion: number | undefined
  readonly shownTotal: Money.Money | undefined
}

/** Builds the function that prices a cart, and refuses one that is not what the shopper saw. */
export const make = Effect.gen(function* () {
  const catalog = yield* ProductCatalogService
  const currency = yield* CurrencyService
  const shipping = yield* ShippingService

  const lines = Effect.fnUntraced(function* ({ items }: Cart) {
    const { products } = yield* catalog.getProducts({ ids: items.map((item) => item.productId) })
    const byId = new Map(products.map((product) => [product.id, product]))
    return yield* Effect.forEach(items, (item) => {
      const product = byId.get(item.productId)
      return product === undefined
        ? new ProductNotFound({ productId: item.productId })
        : Effect.succeed({ item, product })
    })
  })

  return Effect.fnUntraced(
    function* (cart: Cart, { address, cartVersion, currency: code, shownTotal }: Wanted) {
      if (cart.items.length === 0) return yield* new EmptyCart()
      if (cartVersion !== undefined && cartVersion !== cart.version) {
        return yield* new CartChanged({ shown: cartVersion, now: cart.version })
      }
      // A child: it ends with the order's fiber at the latest.
      const quote = yield* Effect.fork(
        shipping.getQuote({ address: new Destination(address, Order.asTyped), items: cart.items })
      )
      const goods = yield* lines(cart)
      const { costUsd } = yield* Effect.flatten(Fiber.await(quote))
      yield* withinLimit(goods)
      const [shippingCost, ...costs] = yield* Prices.inCurrency(currency, code, [
        costUsd,
        ...goods.map(({ product }) => product.priceUsd)
      ])
      const priced = yield* Order.price(
        code,
        Array.zipWith(goods, costs, ({ item, product }, cost) => ({ item, name: product.name, cost })),
        shippingCost
      )
      if (!Array.isNonEmptyReadonlyArray(priced.items)) return yield* new EmptyCart()
      if (shownTotal !== undefined && !Equal.equals(shownTotal, priced.total)) {
        const [shown, now] = [Money.toDecimal(shownTotal), Money.toDecimal(priced.total)]
        return yield* new PriceChanged({ currencyCode: code, shown, now })
      }
      return new PricedCart(
        {
          cartVersion: cart.version,
          items: priced.items,
          shippingCost: priced.shippingCost,
          total: priced.total,
          at: yield* DateTime.now
        },
        Order.asTyped
      )
    },
    Effect.catchTags({
      AmountTooLarge: () => new OrderLimitExceeded({ limitUsd }),
      AmountOutOfRange: () => new OrderLimitExceeded({ limitUsd }),
      // All amounts came in the currency that was asked for.
      CurrencyMismatch: Effect.die
    })
  )
})

/** Whether the goods are worth no more than an order may be. */
const withinLimit = (goods: ReadonlyArray<{ readonly item: CartItem; readonly product: Product }>) => {
  const worth = goods.reduce(
    (sum, { item, product }) => sum + Money.toNanos(product.priceUsd) * BigInt(item.quantity),
    0n
  )
  return worth > BigInt(limitUsd) * 1_000_000_000n ? new OrderLimitExceeded({ limitUsd }) : Effect.void
}
