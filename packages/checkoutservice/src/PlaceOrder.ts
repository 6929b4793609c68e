import { CartService } from "@retro/contract/CartService"
import { CheckoutError, PaymentUnavailable } from "@retro/contract/CheckoutService"
import { CallFailed } from "@retro/contract/Contract"
import { EmailService } from "@retro/contract/EmailService"
import { CardDeclined, CardRefused, PaymentService } from "@retro/contract/PaymentService"
import { AddressNotServed, ShippingService, ShippingUnavailable } from "@retro/contract/ShippingService"
import { codes } from "@retro/contract/Status"
import { AddressFromWire } from "@retro/domain/Address"
import { CurrencyCode } from "@retro/domain/Currency"
import { EmailAddress } from "@retro/domain/EmailAddress"
import { IdempotencyKey, OrderId, TrackingId, TransactionId, UserId } from "@retro/domain/Ids"
import * as Money from "@retro/domain/Money"
import { asTyped, Order } from "@retro/domain/Order"
import { Effect, Schema } from "effect"
import * as CartHold from "./CartHold.ts"
import * as Journal from "./Journal.ts"
import * as Pricing from "./Pricing.ts"
import type * as Program from "./Program.ts"
import * as Step from "./Step.ts"

/** What an order is placed with. The card is a token by now: its number is never written down. */
export const Input = Schema.Struct({
  userId: UserId,
  currency: CurrencyCode,
  address: AddressFromWire,
  email: EmailAddress,
  cardToken: Schema.String,
  cartVersion: Schema.UndefinedOr(Schema.Int),
  shownTotal: Schema.UndefinedOr(Money.FromWire)
})
export type Input = typeof Input.Type

const messages = { input: Input, success: Order, failure: CheckoutError }

/** The steps of an order, in their order. */
export const price = Step.define("price", { success: Pricing.PricedCart, failure: Pricing.PricingError })
export const charge = Step.define("charge", {
  success: Schema.Struct({ transactionId: TransactionId, cardBrand: Schema.String, cardLastFour: Schema.String }),
  failure: Schema.Union(CardRefused, CardDeclined, PaymentUnavailable)
})
export const ship = Step.define("ship", {
  success: Schema.Struct({ trackingId: TrackingId }),
  failure: Schema.Union(AddressNotServed, ShippingUnavailable)
})
export const clearCart = Step.define("clear-cart", { success: Schema.Void, failure: Schema.Never })
export const mail = Step.define("mail", { success: Schema.Void, failure: Schema.Never })

/**
 * Places an order: prices the cart, charges the card, ships the parcel; then takes what was bought out of the cart and
 * writes to the shopper. A card that was charged for a parcel that is not shipped is refunded.
 */
export const definition = Effect.gen(function* () {
  const pricing = yield* Pricing.make
  const hold = yield* Effect.flatMap(Journal.answerIn(messages), CartHold.make)
  const payment = yield* PaymentService
  const shipping = yield* ShippingService
  const carts = yield* CartService
  const email = yield* EmailService

  const definition: Definition = {
    name: "PlaceOrder",
    version: 1,
    ...messages,

    body: Effect.fnUntraced(function* (id, input, step) {
      const priced = yield* step(price, {
        run: () => Effect.flatMap(hold.take(input.userId, OrderId.make(id)), (cart) => pricing(cart, input)),
        abandon: () => hold.refusal(input.userId, OrderId.make(id)),
        patience: Step.brief
      })

      const charged = yield* step(charge, {
        run: (key) =>
          payment
            .charge({ amount: priced.total, cardToken: input.cardToken, creditCard: undefined, idempotencyKey: key })
            .pipe(
              Effect.catchTags({
                CardTokenExpired: () => new PaymentUnavailable(),
                ChargeVoided: () => new PaymentUnavailable(),
                // A price is payable, and the key belongs to this order alone.
                AmountNotPayable: Effect.die,
                IdempotencyKeyReused: Effect.die
              })
            ),
        abandon: (key) => Effect.as(payment.void({ idempotencyKey: key }), new PaymentUnavailable()),
        // Undone only after a success, so there is a charge.
        undo: (key) => Effect.catchTag(payment.refund({ idempotencyKey: key }), "ChargeNotFound", Effect.die)
      })

      const shipped = yield* step(ship, {
        run: (key) =>
          shipping
            .shipOrder({ address: input.address, items: priced.items.map(({ item }) => item), idempotencyKey: key })
            .pipe(
              Effect.catchTags({
                ShipmentCancelled: () => new ShippingUnavailable(),
                // The refusal holds for now, not for the key: a request that is late could still ship. Cancelling ends that.
                ShippingUnavailable: () => new Step.InVain(),
                // The key belongs to this order alone.
                IdempotencyKeyReused: Effect.die
              })
            ),
        abandon: (key) => Effect.as(shipping.cancelShipment({ idempotencyKey: key }), new ShippingUnavailable())
      })

      return new Order(
        {
          orderId: OrderId.make(id),
          shippingTrackingId: shipped.trackingId,
          items: priced.items,
          shippingCost: priced.shippingCost,
          total: priced.total,
          shippingAddress: input.address,
          placedAt: priced.at,
          cardBrand: charged.cardBrand,
          cardLastFour: charged.cardLastFour
        },
        asTyped
      )
    }),

    afterwards: Effect.fnUntraced(function* (id, input, order, step) {
      yield* step(clearCart, {
        run: () =>
          carts
            .removeBought({
              userId: input.userId,
              orderKey: IdempotencyKey.make(id),
              lines: order.items.map(({ item }) => item)
            })
            .pipe(Effect.catchTag("CartUnavailable", () => silence))
      })
      yield* step(mail, {
        run: (key) =>
          email.sendOrderConfirmation({ email: input.email, order, idempotencyKey: key }).pipe(
            Effect.catchTags({
              MailUnavailable: () => silence,
              // The key belongs to this order alone.
              IdempotencyKeyReused: Effect.die
            })
          )
      })
    })
  }
  return definition
})

/** The program that replicas run. */
export const make = Effect.flatMap(definition, Journal.program)

type Definition = Program.Definition<
  Input,
  typeof Input.Encoded,
  Order,
  typeof Order.Encoded,
  CheckoutError,
  typeof CheckoutError.Encoded
>

/** What must be done and could not be yet is asked again. */
const silence = new CallFailed({ path: "", code: codes.UNAVAILABLE })
