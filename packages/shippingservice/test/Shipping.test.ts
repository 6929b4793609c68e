import { CallFailed } from "@retro/contract/Contract"
import { ShippingService, ShippingUnavailable } from "@retro/contract/ShippingService"
import { codes } from "@retro/contract/Status"
import * as Loopback from "@retro/grpc/Loopback"
import * as Once from "@retro/outcomes/Once"
import * as OutcomesMemory from "@retro/outcomes/OutcomesMemory"
import * as Carrier from "../src/Carrier.ts"
import * as Shipping from "../src/Shipping.ts"
import { describe, it } from "@effect/vitest"
import { assertEquals, assertFalse, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { Effect, Either, Layer, Logger, LogLevel, Ref, TestClock } from "effect"
import * as Leavings from "../../outcomes/test/Leavings.ts"
import { address, idempotencyKey, items } from "./Parcels.ts"
import { shippingSuite } from "./ShippingSuite.ts"

const program = Shipping.layer.pipe(Layer.provide(Carrier.layerMock), Layer.provide(OutcomesMemory.layerMemory))

shippingSuite("directly", program)
shippingSuite("over gRPC", Loopback.layer(ShippingService, program))

const parcel = { address: address(), items: items(1, 2), idempotencyKey }

describe("Shipping, as time goes by", () => {
  it.effect("tells where a parcel is, by hours and days after its label", () =>
    Effect.gen(function* () {
      const shipping = yield* ShippingService
      const { trackingId } = yield* shipping.shipOrder(parcel)
      const stages = Effect.map(shipping.getTracking({ trackingId }), ({ events }) => events.map(({ stage }) => stage))
      yield* TestClock.adjust("6 hours")
      deepStrictEqual(yield* stages, ["label-created", "picked-up"])
      yield* TestClock.adjust("18 hours")
      deepStrictEqual(yield* stages, ["label-created", "picked-up", "in-transit"])
      yield* TestClock.adjust("60 days")
      const { events } = yield* shipping.getTracking({ trackingId })
      deepStrictEqual(
        events.map(({ at, stage }) => [stage, at.epochMillis / 3_600_000]),
        [
          ["label-created", 0],
          ["picked-up", 6],
          ["in-transit", 24],
          ["out-for-delivery", 72],
          ["delivered", 80]
        ]
      )
    }).pipe(Effect.provide(program))
  )

  it.effect("D3: a stopped parcel goes nowhere any more", () =>
    Effect.gen(function* () {
      const shipping = yield* ShippingService
      const { trackingId } = yield* shipping.shipOrder(parcel)
      yield* TestClock.adjust("10 hours")
      yield* shipping.cancelShipment({ idempotencyKey })
      yield* TestClock.adjust("30 days")
      const { events } = yield* shipping.getTracking({ trackingId })
      deepStrictEqual(
        events.map(({ at, stage }) => [stage, at.epochMillis / 3_600_000]),
        [
          ["label-created", 0],
          ["picked-up", 6],
          ["cancelled", 10]
        ]
      )
    }).pipe(Effect.provide(program))
  )

  it.effect("D2: fifty concurrent shipments of one key are one parcel", () =>
    Effect.gen(function* () {
      const shipping = yield* ShippingService
      const all = yield* Effect.fork(
        Effect.replicateEffect(shipping.shipOrder(parcel), 50, { concurrency: "unbounded" })
      )
      yield* TestClock.adjust("2 seconds")
      assertEquals(new Set((yield* all).map(({ trackingId }) => trackingId)).size, 1)
    }).pipe(Effect.provide(program))
  )
})

describe("Shipping, when the carrier does not take parcels", () => {
  it.effect("D3: says that it is unavailable, and what is cancelled then is never shipped", () =>
    Effect.gen(function* () {
      const shipping = yield* ShippingService
      const onStrike = Either.left(new ShippingUnavailable())
      assertEquals(yield* Effect.either(shipping.shipOrder(parcel)), onStrike)
      assertEquals(yield* Effect.either(shipping.shipOrder(parcel)), onStrike)
      assertFalse((yield* shipping.cancelShipment({ idempotencyKey })).stopped)
      assertTrue(Either.isLeft(yield* Effect.either(shipping.shipOrder(parcel))))
    }).pipe(
      Effect.provide(
        Layer.provide(Shipping.layer, Layer.provideMerge(Carrier.layerOnStrike, OutcomesMemory.layerMemory))
      )
    )
  )

  it.effect("ships a key when the strike is over", () =>
    Effect.gen(function* () {
      const strike = yield* Ref.make(true)
      const carrier = Layer.effect(
        Carrier.Carrier,
        Effect.map(Carrier.Carrier, (mock) => ({
          ...mock,
          ship: (request: Parameters<typeof mock.ship>[0]) =>
            Effect.if(Ref.get(strike), { onTrue: () => new ShippingUnavailable(), onFalse: () => mock.ship(request) })
        }))
      ).pipe(Layer.provide(Carrier.layerMock))
      yield* Effect.gen(function* () {
        const shipping = yield* ShippingService
        assertTrue(Either.isLeft(yield* Effect.either(shipping.shipOrder(parcel))))
        yield* Ref.set(strike, false)
        const { trackingId } = yield* shipping.shipOrder(parcel)
        yield* shipping.getTracking({ trackingId })
      }).pipe(Effect.provide(Layer.provide(Shipping.layer, Layer.provideMerge(carrier, OutcomesMemory.layerMemory))))
    })
  )

  it.effect("D3, R2: stops a parcel about whose shipment the answer got lost", () =>
    Effect.gen(function* () {
      const shipped: Array<Parameters<(typeof Carrier.Carrier)["Service"]["find"]>[0]> = []
      const carrier = Layer.effect(
        Carrier.Carrier,
        Effect.map(Carrier.Carrier, (mock) => ({
          ...mock,
          ship: (request: Parameters<typeof mock.ship>[0]) =>
            Effect.zipRight(
              Effect.tap(mock.ship(request), (id) => shipped.push(id)),
              Effect.never
            )
        }))
      ).pipe(Layer.provide(Carrier.layerMock))
      yield* Effect.gen(function* () {
        const shipping = yield* ShippingService
        const lost = yield* Effect.fork(Effect.either(shipping.shipOrder(parcel)))
        yield* TestClock.adjust(Once.patience)
        assertEquals(yield* lost, Either.left(new CallFailed({ path: "", code: codes.DEADLINE_EXCEEDED })))
        assertTrue((yield* shipping.cancelShipment({ idempotencyKey })).stopped)
        for (const trackingId of shipped) {
          const { events } = yield* shipping.getTracking({ trackingId })
          assertEquals(events.at(-1)?.stage, "cancelled")
        }
        assertEquals(shipped.length, 1)
      }).pipe(Effect.provide(Layer.provide(Shipping.layer, Layer.provideMerge(carrier, OutcomesMemory.layerMemory))))
    })
  )
})

describe("Shipping, what it leaves behind", () => {
  it.effect("D16, R3: no log line and no stored text holds any part of an address", () =>
    Effect.gen(function* () {
      const left = Leavings.make()
      yield* Effect.gen(function* () {
        const shipping = yield* ShippingService
        yield* shipping.shipOrder(parcel)
        const unknown = address({ country: "Canary Islands, I think" })
        const refused = shipping.shipOrder({ ...parcel, idempotencyKey: undefined, address: unknown })
        yield* Effect.either(Effect.tapErrorCause(refused, Effect.logError))
        yield* shipping.cancelShipment({ idempotencyKey })
      }).pipe(
        Effect.provide(
          Shipping.layer.pipe(
            Layer.provide(Carrier.layerMock),
            Layer.provide(left.outcomes),
            Layer.provideMerge(left.logger)
          )
        ),
        Logger.withMinimumLogLevel(LogLevel.All)
      )
      const all = left.texts.join("\n")
      assertTrue(all.includes("parcel shipped"))
      for (const canary of ["Canary", "Springfield", "01234", "Ada"]) assertFalse(all.includes(canary))
    })
  )
})
