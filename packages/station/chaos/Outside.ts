import { CallFailed } from "@retro/contract/Contract"
import { CardDeclined } from "@retro/contract/PaymentService"
import { ShippingUnavailable } from "@retro/contract/ShippingService"
import { codes } from "@retro/contract/Status"
import { TrackingId, TransactionId } from "@retro/domain/Ids"
import * as Money from "@retro/domain/Money"
import * as Gateway from "@retro/paymentservice/PaymentGateway"
import { Carrier } from "@retro/shippingservice/Carrier"
import { Config, Effect, Layer, Option, Schema } from "effect"

/** What issuer and carrier are asked, and what they answer. */
export const calls = {
  charge: {
    request: Schema.Struct({ key: Schema.String, amount: Schema.String, instrument: Schema.String }),
    answer: Schema.Struct({ transactionId: Schema.NullOr(TransactionId) })
  },
  refund: {
    request: Schema.Struct({ transactionId: TransactionId }),
    answer: Schema.Struct({ refundId: TransactionId })
  },
  cancel: {
    request: Schema.Struct({ key: Schema.String }),
    answer: Schema.Struct({ refundId: Schema.NullOr(TransactionId) })
  },
  ship: {
    request: Schema.Struct({ key: Schema.String }),
    answer: Schema.Struct({ trackingId: Schema.NullOr(TrackingId) })
  },
  stop: { request: Schema.Struct({ key: Schema.String }), answer: Schema.Struct({ stopped: Schema.Boolean }) }
} as const

type Calls = typeof calls
type Name = keyof Calls

/** Asks the world at `OUTSIDE_ADDR`; `CallFailed` where it is not heard. */
const asking = Effect.map(
  Config.string("OUTSIDE_ADDR"),
  (address) =>
    <N extends Name>(
      name: N,
      request: Calls[N]["request"]["Type"]
    ): Effect.Effect<Calls[N]["answer"]["Type"], CallFailed> =>
      Effect.tryPromise((signal) =>
        fetch(`http://${address}/${name}`, { method: "POST", body: JSON.stringify(request), signal }).then((answer) =>
          answer.json()
        )
      ).pipe(
        Effect.flatMap(Schema.decodeUnknown(calls[name].answer as Schema.Schema<Calls[N]["answer"]["Type"]>)),
        Effect.mapError(() => new CallFailed({ path: "", code: codes.UNAVAILABLE }))
      )
)

/** The issuer out there, in place of the mock that moves no money and remembers none. */
export const layerIssuer = Layer.effect(
  Gateway.PaymentGateway,
  Effect.gen(function* () {
    const ask = yield* asking
    const { enroll } = yield* Gateway.PaymentGateway
    return {
      enroll,
      charge: ({ amount, instrument, key }) =>
        Effect.flatMap(ask("charge", { key, instrument, amount: Money.format(amount) }), ({ transactionId }) =>
          transactionId === null
            ? Effect.fail(new CardDeclined({ reason: "insufficient-funds" }))
            : Effect.succeed(transactionId)
        ),
      refund: (transactionId) => Effect.map(ask("refund", { transactionId }), ({ refundId }) => refundId),
      cancel: (key) => Effect.map(ask("cancel", { key }), ({ refundId }) => Option.fromNullable(refundId))
    }
  })
).pipe(Layer.provide(Gateway.layerMock))

/** The carrier out there. */
export const layerCarrier = Layer.effect(
  Carrier,
  Effect.map(asking, (ask) => ({
    ship: ({ key }) =>
      Effect.flatMap(ask("ship", { key }), ({ trackingId }) =>
        trackingId === null ? Effect.fail(new ShippingUnavailable()) : Effect.succeed(trackingId)
      ),
    stop: (key) => Effect.map(ask("stop", { key }), ({ stopped }) => stopped),
    find: () => Effect.succeedNone
  }))
)
