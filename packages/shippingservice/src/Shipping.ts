import { AddressNotServed, ShipmentCancelled, ShippingService, TrackingNotFound } from "@retro/contract/ShippingService"
import type { Address } from "@retro/domain/Address"
import { type CartItem, size } from "@retro/domain/Cart"
import * as Country from "@retro/domain/Country"
import { type IdempotencyKey, TrackingId } from "@retro/domain/Ids"
import * as Once from "@retro/outcomes/Once"
import { DateTime, Effect, Layer, Option, Schema } from "effect"
import { Carrier } from "./Carrier.ts"
import * as Rates from "./Rates.ts"
import * as Timeline from "./Timeline.ts"
import * as TrackingNumber from "./TrackingNumber.ts"

/** Quotes by the table of `Rates` and ships by the carrier, each key once. */
export const layer = Layer.effect(
  ShippingService,
  Effect.gen(function* () {
    const carrier = yield* Carrier
    const shipments = yield* Once.make({
      space: "ship",
      success: Schema.Struct({ trackingId: TrackingId }),
      // A carrier on strike is asked again: its refusal is final for no key.
      failure: Schema.Union(AddressNotServed, ShipmentCancelled),
      revert: carrier.stop
    })

    const ship = Effect.fnUntraced(function* (key: IdempotencyKey, address: Address, items: ReadonlyArray<CartItem>) {
      yield* zoneOf(address.country)
      const trackingId = yield* carrier.ship({ key, address, items })
      yield* Effect.annotateLogs(Effect.logInfo("parcel shipped"), { trackingId })
      return { trackingId }
    })

    return ShippingService.of({
      getQuote: Effect.fnUntraced(function* ({ address, items }) {
        const games = size(items)
        const country = address?.country.trim() ?? ""
        const zone = games === 0 || country === "" ? "home" : yield* zoneOf(country)
        // A request holds at most 50 lines of 99: far below what an amount holds.
        return { costUsd: yield* Effect.orDie(Rates.quote(zone, games)) }
      }),
      shipOrder: Effect.fnUntraced(function* ({ address, idempotencyKey, items }) {
        const key = idempotencyKey ?? (yield* Once.anyKey)
        return yield* shipments.run({ key, input: inputOf(address, items), effect: ship(key, address, items) })
      }),
      getTracking: Effect.fnUntraced(function* ({ trackingId }) {
        const parcel = TrackingNumber.isValid(trackingId) ? yield* carrier.find(trackingId) : Option.none()
        if (Option.isNone(parcel)) return yield* new TrackingNotFound({ trackingId })
        return { trackingId, events: Timeline.events(parcel.value, yield* DateTime.now) }
      }),
      cancelShipment: Effect.fnUntraced(function* ({ idempotencyKey }) {
        return { stopped: yield* shipments.revoke(idempotencyKey, new ShipmentCancelled()) }
      })
    })
  })
)

/** Says the country by its code; one that nobody knows is not repeated, since a form may hold anything. */
const zoneOf = (text: string): Effect.Effect<Rates.Zone, AddressNotServed> => {
  const country = Country.parse(text)
  return Effect.mapError(
    Option.flatMap(country, Rates.zone),
    () => new AddressNotServed({ country: Option.getOrElse(country, () => "") })
  )
}

/** What makes two shipments the same: where to, and what. */
const inputOf = (address: Address, items: ReadonlyArray<CartItem>): string =>
  JSON.stringify([
    [address.recipient, address.streetAddress, address.city, address.state, address.postalCode, address.country],
    items.map((item) => [item.productId, item.quantity])
  ])
