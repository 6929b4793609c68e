import { CartService } from "@retro/contract/CartService"
import { CallFailed } from "@retro/contract/Contract"
import { CurrencyService, UnsupportedCurrency } from "@retro/contract/CurrencyService"
import { EmailService } from "@retro/contract/EmailService"
import { PaymentService } from "@retro/contract/PaymentService"
import { ProductCatalogService } from "@retro/contract/ProductCatalogService"
import { ShippingService } from "@retro/contract/ShippingService"
import { Cart, CartItem } from "@retro/domain/Cart"
import { CreditCard } from "@retro/domain/CreditCard"
import { Address } from "@retro/domain/Address"
import type { CurrencyCode } from "@retro/domain/Currency"
import { type IdempotencyKey, ProductId, TrackingId, TransactionId, UserId } from "@retro/domain/Ids"
import * as Money from "@retro/domain/Money"
import { Product } from "@retro/domain/Product"
import { Effect, Either, Layer, Redacted } from "effect"
import * as Checkout from "../src/Checkout.ts"
import * as Envelope from "../src/Envelope.ts"
import * as JournalStoreMemory from "../src/JournalStoreMemory.ts"

/** Money from a decimal text. */
export const money = <C extends CurrencyCode>(code: C, text: string) => Either.getOrThrow(Money.fromDecimal(code, text))

export const shopper = UserId.make("shopper")
export const game = ProductId.make("OLJCESPC7Z")

/** What a shopper sends, with any part replaced. */
export const order = {
  userId: shopper,
  userCurrency: "USD" as const,
  address: new Address({
    recipient: "",
    streetAddress: "1 Main St",
    city: "Springfield",
    state: "",
    postalCode: "01234",
    country: "US"
  }),
  email: Redacted.make("someone@example.com"),
  creditCard: new CreditCard({
    number: Redacted.make("4432801561520454"),
    securityCode: Redacted.make("672"),
    expirationYear: 2099,
    expirationMonth: 1
  }),
  idempotencyKey: undefined,
  cartVersion: undefined,
  shownTotal: undefined
}

/** The world around checkout, which a test looks at and bends. Each list holds the keys that had an effect. */
export const makeWorld = () => ({
  cart: new Cart({ userId: shopper, items: [new CartItem({ productId: game, quantity: 2 })], version: 7 }),
  heldBy: undefined as IdempotencyKey | undefined,
  products: [product(game, "19.99")],
  charged: new Map<string, string>(),
  refunded: [] as Array<string>,
  voided: [] as Array<string>,
  shipped: [] as Array<string>,
  cancelled: [] as Array<string>,
  mailed: [] as Array<string>,
  removed: [] as Array<string>,
  conversions: 0
})

export type World = ReturnType<typeof makeWorld>

export const product = (id: ProductId, price: string) =>
  new Product({
    id,
    name: `Game ${id}`,
    description: "",
    picture: "",
    priceUsd: money("USD", price),
    categories: [],
    platform: "",
    year: 1990,
    players: 1,
    weightGrams: 100
  })

/** No verdict. */
export const silence = new CallFailed({ path: "", code: 4 })

/** The services around checkout as they behave in `world`, with any rpc replaced. */
export const around = (world: World, replaced: Replaced = {}) =>
  Layer.mergeAll(
    Layer.mock(CartService, {
      getCart: () => Effect.succeed(world.cart),
      holdCart: ({ insteadOf, orderKey }) =>
        Effect.sync(() => {
          if (world.heldBy === undefined || world.heldBy === insteadOf) world.heldBy = orderKey
          return { cart: world.cart, heldBy: world.heldBy }
        }),
      removeBought: ({ orderKey }) =>
        Effect.sync(() => {
          world.removed.push(orderKey)
          if (world.heldBy === orderKey) world.heldBy = undefined
          world.cart = new Cart({ userId: shopper, items: [], version: world.cart.version + 1 })
        }),
      ...replaced.cart
    }),
    Layer.mock(ProductCatalogService, {
      getProducts: ({ ids }) => Effect.succeed({ products: world.products.filter(({ id }) => ids.includes(id)) }),
      ...replaced.catalog
    }),
    Layer.mock(CurrencyService, {
      convertBatch: ({ from, toCode }) =>
        toCode !== "EUR"
          ? new UnsupportedCurrency({ code: toCode })
          : Effect.sync(() => {
              world.conversions++
              return {
                converted: from.map((amount) => Either.getOrThrow(Money.fromNanos("EUR", Money.toNanos(amount) / 2n))),
                ratesDate: ""
              }
            }),
      ...replaced.currency
    }),
    Layer.mock(PaymentService, {
      tokenize: ({ creditCard }) =>
        Effect.succeed({
          cardToken: `${crypto.randomUUID()}-${Redacted.value(creditCard.number)}`,
          cardBrand: "visa",
          cardLastFour: "0454",
          fingerprint: Redacted.value(creditCard.number)
        }),
      charge: ({ amount, idempotencyKey = "" }) =>
        Effect.sync(() => {
          world.charged.set(idempotencyKey, Money.format(amount))
          return { transactionId: TransactionId.make("transaction"), cardBrand: "visa", cardLastFour: "0454" }
        }),
      refund: ({ idempotencyKey }) =>
        Effect.sync(() => {
          world.refunded.push(idempotencyKey)
          return { refundId: TransactionId.make("refund") }
        }),
      void: ({ idempotencyKey }) =>
        Effect.sync(() => {
          world.voided.push(idempotencyKey)
          return { refunded: false }
        }),
      ...replaced.payment
    }),
    Layer.mock(ShippingService, {
      getQuote: () => Effect.succeed({ costUsd: money("USD", "8.99") }),
      shipOrder: ({ idempotencyKey = "" }) =>
        Effect.sync(() => {
          world.shipped.push(idempotencyKey)
          return { trackingId: TrackingId.make("RS12345678") }
        }),
      cancelShipment: ({ idempotencyKey }) =>
        Effect.sync(() => {
          world.cancelled.push(idempotencyKey)
          return { stopped: false }
        }),
      ...replaced.shipping
    }),
    Layer.mock(EmailService, {
      sendOrderConfirmation: ({ idempotencyKey = "" }) => Effect.sync(() => void world.mailed.push(idempotencyKey)),
      ...replaced.email
    })
  )

export interface Replaced {
  readonly cart?: Partial<typeof CartService.Service>
  readonly catalog?: Partial<typeof ProductCatalogService.Service>
  readonly currency?: Partial<typeof CurrencyService.Service>
  readonly payment?: Partial<typeof PaymentService.Service>
  readonly shipping?: Partial<typeof ShippingService.Service>
  readonly email?: Partial<typeof EmailService.Service>
}

/** Checkout in that world, with its journal in memory. */
export const checkout = (world: World, replaced?: Replaced) =>
  Checkout.layer.pipe(
    Layer.provide(JournalStoreMemory.layerMemory),
    Layer.provide(Envelope.layerGenerated),
    Layer.provide(around(world, replaced))
  )
