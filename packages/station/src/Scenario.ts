import { CartService } from "@retro/contract/CartService"
import type { CheckoutService } from "@retro/contract/CheckoutService"
import type { DeclineReason } from "@retro/contract/PaymentService"
import { Address } from "@retro/domain/Address"
import { CartItem } from "@retro/domain/Cart"
import { CreditCard } from "@retro/domain/CreditCard"
import { ProductId, UserId } from "@retro/domain/Ids"
import * as PaymentGateway from "@retro/paymentservice/PaymentGateway"
import * as Carrier from "@retro/shippingservice/Carrier"
import { Effect, Layer, Redacted } from "effect"
import * as Station from "./Station.ts"
import * as Stores from "./Stores.ts"

/**
 * Whole shops to try things in, each a layer of all eight services in memory with the bundled catalogue and rates, and a
 * shopper for them. A layer that is swapped is provided before the stores, whose own then goes unused:
 *
 *     Station.services(Station.fused).pipe(Layer.provide(mine), Layer.provide(Scenario.world))
 */
export const world = Layer.mergeAll(Stores.inMemory, Stores.bundled)

/** Everything is there, everybody answers, every good card is charged. */
export const fullOfStock = (wiring: Station.Wiring = Station.fused) => Layer.provide(Station.services(wiring), world)

/** The bank declines every card. */
export const paymentsDecline = (reason: DeclineReason, wiring: Station.Wiring = Station.fused) =>
  Station.services(wiring).pipe(Layer.provide(PaymentGateway.layerDeclining(reason)), Layer.provide(world))

/** The carrier takes no parcel: what was charged is given back. */
export const shippingOnStrike = (wiring: Station.Wiring = Station.fused) =>
  Station.services(wiring).pipe(Layer.provide(Carrier.layerOnStrike), Layer.provide(world))

/** Who shops. */
export const shopper = UserId.make("someone")

/** A game that is in the catalogue, once. */
export const game = new CartItem({ productId: ProductId.make("OLJCESPC7Z"), quantity: 1 })

/** Where the parcel goes. */
export const address = new Address({
  recipient: "",
  streetAddress: "1 Main St",
  city: "Springfield",
  state: "",
  postalCode: "01234",
  country: "US"
})

/** What the shopper sends to place an order, with a card that the mock bank likes. */
export const order: Parameters<typeof CheckoutService.Service.placeOrder>[0] = {
  userId: shopper,
  userCurrency: "EUR",
  address,
  email: Redacted.make("someone@example.com"),
  creditCard: new CreditCard({
    number: Redacted.make("4432 8015 6152 0454"),
    securityCode: Redacted.make("672"),
    expirationYear: 2099,
    expirationMonth: 1
  }),
  idempotencyKey: undefined,
  cartVersion: undefined,
  shownTotal: undefined
}

/** The shopper puts the game into the cart. */
export const fillCart = Effect.flatMap(CartService, ({ addItem }) => addItem({ userId: shopper, item: game }))
