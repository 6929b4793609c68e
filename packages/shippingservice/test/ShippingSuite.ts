import { IdempotencyKeyReused } from "@retro/contract/IdempotencyKeyReused"
import { AddressNotServed, ShipmentCancelled, ShippingService, TrackingNotFound } from "@retro/contract/ShippingService"
import { IdempotencyKey, TrackingId } from "@retro/domain/Ids"
import * as Money from "@retro/domain/Money"
import { isValid } from "../src/TrackingNumber.ts"
import { describe, it } from "@effect/vitest"
import { assertEquals, assertFalse, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { Effect, Either, type Layer } from "effect"
import { address, destination, idempotencyKey, items } from "./Parcels.ts"

/** What the shipping service promises, over every wiring. */
export const shippingSuite = <E>(wiring: string, layer: Layer.Layer<ShippingService, E>) =>
  describe(`Shipping, ${wiring}`, () => {
    const test = (law: string, body: Effect.Effect<void, unknown, ShippingService>) =>
      it.effect(law, () => Effect.provide(body, layer))
    const parcel = { address: address(), items: items(1, 2), idempotencyKey }

    test(
      "quotes nothing for nothing",
      Effect.gen(function* () {
        const shipping = yield* ShippingService
        for (const to of [undefined, destination(""), destination("US"), destination("AQ")]) {
          assertEquals((yield* shipping.getQuote({ address: to, items: [] })).costUsd, Money.zero("USD"))
        }
      })
    )

    test(
      "D10, R12: quotes by zone and number of games, to the cent",
      Effect.gen(function* () {
        const shipping = yield* ShippingService
        const quote = (country: string, ...quantities: ReadonlyArray<number>) =>
          Effect.map(shipping.getQuote({ address: destination(country), items: items(...quantities) }), ({ costUsd }) =>
            Money.format(costUsd)
          )
        assertEquals(yield* quote("", 1), "$8.99")
        assertEquals(yield* quote("US", 5), "$8.99")
        assertEquals(yield* quote("United States", 2, 3), "$8.99")
        assertEquals(yield* quote("US", 2, 4), "$13.49")
        assertEquals(yield* quote("US", 10), "$13.49")
        assertEquals(yield* quote("US", 11), "$17.99")
        assertEquals(yield* quote("Canada", 1), "$13.99")
        assertEquals(yield* quote("DE", 1), "$18.99")
        assertEquals(yield* quote("uk", 6), "$27.94")
        assertEquals(yield* quote("Japan", 1), "$24.99")
        assertEquals(yield* quote("JP", 99, 99), "$491.04")
      })
    )

    test(
      "quotes the home zone while there is no address",
      Effect.gen(function* () {
        const shipping = yield* ShippingService
        const { costUsd } = yield* shipping.getQuote({ address: undefined, items: items(1) })
        assertEquals(Money.format(costUsd), "$8.99")
      })
    )

    test(
      "serves neither Antarctica nor a country that nobody knows",
      Effect.gen(function* () {
        const shipping = yield* ShippingService
        const notServed = (country: string) => Either.left(new AddressNotServed({ country }))
        const quote = (country: string) =>
          Effect.either(shipping.getQuote({ address: destination(country), items: items(1) }))
        assertEquals(yield* quote("Antarctica"), notServed("AQ"))
        assertEquals(yield* quote("TF"), notServed("TF"))
        assertEquals(yield* quote("Atlantis"), notServed(""))
        const ship = shipping.shipOrder({ ...parcel, address: address({ country: "AQ" }) })
        assertEquals(yield* Effect.either(ship), notServed("AQ"))
        assertEquals(yield* Effect.either(ship), notServed("AQ"))
      })
    )

    test(
      "D13: names parcels by random numbers with a check character",
      Effect.gen(function* () {
        const shipping = yield* ShippingService
        const ids = yield* Effect.replicateEffect(shipping.shipOrder({ ...parcel, idempotencyKey: undefined }), 50)
        assertEquals(new Set(ids.map(({ trackingId }) => trackingId)).size, 50)
        for (const { trackingId } of ids) {
          assertTrue(/^[A-Z0-9]{13}$/.test(trackingId))
          assertTrue(isValid(trackingId))
        }
      })
    )

    test(
      "D2, R1: ships a key once and answers the same tracking id",
      Effect.gen(function* () {
        const shipping = yield* ShippingService
        const first = yield* shipping.shipOrder(parcel)
        deepStrictEqual(yield* shipping.shipOrder(parcel), first)
        const other = yield* shipping.shipOrder({ ...parcel, idempotencyKey: IdempotencyKey.make("order-0002") })
        assertFalse(other.trackingId === first.trackingId)
      })
    )

    test(
      "R1: refuses a key that stands for another address or other games",
      Effect.gen(function* () {
        const shipping = yield* ShippingService
        yield* shipping.shipOrder(parcel)
        const reused = Either.left(new IdempotencyKeyReused())
        const elsewhere = address({ streetAddress: "2 Canary Wharf" })
        assertEquals(yield* Effect.either(shipping.shipOrder({ ...parcel, address: elsewhere })), reused)
        assertEquals(yield* Effect.either(shipping.shipOrder({ ...parcel, items: items(1, 3) })), reused)
      })
    )

    test(
      "tells of a parcel that its label is made, and of no other",
      Effect.gen(function* () {
        const shipping = yield* ShippingService
        const { trackingId } = yield* shipping.shipOrder(parcel)
        const tracking = yield* shipping.getTracking({ trackingId })
        assertEquals(tracking.trackingId, trackingId)
        deepStrictEqual(
          tracking.events.map(({ stage }) => stage),
          ["label-created"]
        )
        for (const id of ["AAAAAAAAAAAAA", "A12425GABC12D", "NOTHING00"].map((id) => TrackingId.make(id))) {
          const unknown = yield* Effect.either(shipping.getTracking({ trackingId: id }))
          assertEquals(unknown, Either.left(new TrackingNotFound({ trackingId: id })))
        }
      })
    )

    test(
      "D3, R2: stops a parcel, once for its key, and ships nothing more under it",
      Effect.gen(function* () {
        const shipping = yield* ShippingService
        const { trackingId } = yield* shipping.shipOrder(parcel)
        assertTrue((yield* shipping.cancelShipment({ idempotencyKey })).stopped)
        assertTrue((yield* shipping.cancelShipment({ idempotencyKey })).stopped)
        const { events } = yield* shipping.getTracking({ trackingId })
        deepStrictEqual(
          events.map(({ stage }) => stage),
          ["label-created", "cancelled"]
        )
        assertEquals(yield* Effect.either(shipping.shipOrder(parcel)), Either.left(new ShipmentCancelled()))
      })
    )

    test(
      "D3, R2: a key cancelled before it is shipped never is",
      Effect.gen(function* () {
        const shipping = yield* ShippingService
        assertFalse((yield* shipping.cancelShipment({ idempotencyKey })).stopped)
        assertFalse((yield* shipping.cancelShipment({ idempotencyKey })).stopped)
        assertEquals(yield* Effect.either(shipping.shipOrder(parcel)), Either.left(new ShipmentCancelled()))
      })
    )
  })
