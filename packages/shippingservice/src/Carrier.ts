import type { CallFailed } from "@retro/contract/Contract"
import { ShippingUnavailable } from "@retro/contract/ShippingService"
import type { Address } from "@retro/domain/Address"
import type { CartItem } from "@retro/domain/Cart"
import { type IdempotencyKey, TrackingId } from "@retro/domain/Ids"
import { TimestampFromWire } from "@retro/domain/Timestamp"
import * as Json from "@retro/domain/Json"
import * as Entries from "@retro/outcomes/Entries"
import { Outcomes, retention } from "@retro/outcomes/Outcomes"
import { Context, DateTime, Effect, flow, Layer, Option, Schema } from "effect"
import * as TrackingNumber from "./TrackingNumber.ts"

/** A parcel as its carrier sees it: since when, and until when if it was stopped. */
export class Parcel extends Schema.Class<Parcel>("Parcel")({
  acceptedAt: TimestampFromWire,
  stoppedAt: Schema.optional(TimestampFromWire)
}) {}

/** Who carries parcels. Everything here bears being asked twice with the same key, and ships one parcel. */
export class Carrier extends Context.Tag("@retro/shippingservice/Carrier")<
  Carrier,
  {
    readonly ship: (request: {
      readonly key: IdempotencyKey
      readonly address: Address
      readonly items: ReadonlyArray<CartItem>
    }) => Effect.Effect<TrackingId, ShippingUnavailable | CallFailed>
    /** Stops the key's parcel wherever it is, and takes none for it any more. Answers whether there was one. */
    readonly stop: (key: IdempotencyKey) => Effect.Effect<boolean, CallFailed>
    readonly find: (trackingId: TrackingId) => Effect.Effect<Option.Option<Parcel>, CallFailed>
  }
>() {}

/** The mock carrier: takes every parcel, and keeps what it carries in the store of outcomes. */
export const layerMock = Layer.effect(
  Carrier,
  Effect.gen(function* () {
    const outcomes = yield* Outcomes
    const put = (name: string, text: string) => Entries.answered(outcomes.putIfAbsent(name, text, retention))
    const label = (key: IdempotencyKey) => Entries.nameOf("label", key)
    const parcelOf = (trackingId: TrackingId) => Entries.nameOf("parcel", trackingId)

    const stopParcel: (trackingId: TrackingId) => Effect.Effect<void, CallFailed> = Effect.fnUntraced(
      function* (trackingId) {
        const now = yield* DateTime.now
        const text = yield* put(parcelOf(trackingId), yield* print(new Parcel({ acceptedAt: now, stoppedAt: now })))
        const parcel = yield* parse(text)
        if (parcel.stoppedAt !== undefined) return
        const stopped = yield* print(new Parcel({ ...parcel, stoppedAt: now }))
        yield* Entries.answered(outcomes.replace(parcelOf(trackingId), text, stopped))
      }
    )

    return Carrier.of({
      ship: Effect.fnUntraced(function* ({ key }) {
        const labelled = yield* put(label(key), yield* TrackingNumber.make)
        if (labelled === refused) return yield* new ShippingUnavailable()
        const trackingId = TrackingId.make(labelled)
        yield* put(parcelOf(trackingId), yield* print(new Parcel({ acceptedAt: yield* DateTime.now })))
        return trackingId
      }),
      stop: Effect.fnUntraced(function* (key) {
        const labelled = yield* put(label(key), refused)
        if (labelled === refused) return false
        yield* stopParcel(TrackingId.make(labelled))
        return true
      }),
      find: (trackingId) =>
        Entries.answered(outcomes.find(parcelOf(trackingId))).pipe(Effect.flatMap(Effect.transposeMapOption(parse)))
    })
  })
)

/** A carrier on strike: takes no parcel, for tests. */
export const layerOnStrike = Layer.effect(
  Carrier,
  Effect.map(Carrier, (carrier) => ({ ...carrier, ship: () => new ShippingUnavailable() }))
).pipe(Layer.provide(layerMock))

/** In place of a tracking id: this key's parcel was stopped before it came. */
const refused = "refused"

const json = Schema.parseJson(Json.codec(Parcel))

// Moments always encode, and only what was encoded here is ever read.
const print = flow(Schema.encode(json), Effect.orDie)
const parse = flow(Schema.decode(json), Effect.orDie)
