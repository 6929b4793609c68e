import { ShippingUnavailable } from "@retro/contract/ShippingService"
import * as OutcomesMemory from "@retro/outcomes/OutcomesMemory"
import { describe, it } from "@effect/vitest"
import { assertEquals, assertFalse, assertTrue } from "@effect/vitest/utils"
import { Effect, Either, Layer, Option } from "effect"
import { Carrier, layerMock } from "../src/Carrier.ts"
import * as TrackingNumber from "../src/TrackingNumber.ts"
import { address, idempotencyKey, items } from "./Parcels.ts"

const shipment = { key: idempotencyKey, address: address(), items: items(1) }

describe("Carrier", () => {
  it.effect("carries one parcel for a key, however often it is asked", () =>
    Effect.gen(function* () {
      const carrier = yield* Carrier
      const trackingId = yield* carrier.ship(shipment)
      assertEquals(yield* carrier.ship(shipment), trackingId)
      assertTrue(Option.isSome(yield* carrier.find(trackingId)))
      assertEquals(yield* carrier.find(yield* TrackingNumber.make), Option.none())
    }).pipe(Effect.provide(Layer.provide(layerMock, OutcomesMemory.layerMemory)))
  )

  it.effect("D3: takes no parcel for a key that was stopped before", () =>
    Effect.gen(function* () {
      const carrier = yield* Carrier
      assertFalse(yield* carrier.stop(idempotencyKey))
      assertEquals(yield* Effect.either(carrier.ship(shipment)), Either.left(new ShippingUnavailable()))
      assertFalse(yield* carrier.stop(idempotencyKey))
    }).pipe(Effect.provide(Layer.provide(layerMock, OutcomesMemory.layerMemory)))
  )
})
