import { CartService } from "@retro/contract/CartService"
import * as Loopback from "@retro/grpc/Loopback"
import { describe, it } from "@effect/vitest"
import { assertEquals } from "@effect/vitest/utils"
import { Effect, Layer, TestClock } from "effect"
import * as Cart from "../src/Cart.ts"
import { CartStore } from "../src/CartStore.ts"
import { layerMemory } from "../src/CartStoreMemory.ts"
import { item, newUser, orderKey, shown, suite } from "./suite.ts"

const program = Layer.provide(Cart.layer, layerMemory)

suite("in memory", program)
suite("in memory, over gRPC", Loopback.layer(CartService, program))

describe("a cart in memory", () => {
  it.effect("R13: is gone after 30 days of silence, and not before", () =>
    Effect.gen(function* () {
      const { add, get } = yield* CartStore
      const userId = newUser()
      yield* add(userId, item("A", 1))
      yield* TestClock.adjust("30 days")
      assertEquals((yield* get(userId)).version, 0)
      yield* add(userId, item("A", 1))
      for (let n = 0; n < 3; n++) {
        yield* TestClock.adjust("29 days")
        assertEquals(shown(yield* get(userId)), "A×1")
      }
    }).pipe(Effect.provide(layerMemory))
  )

  it.effect("is gone in time also when an older one was touched later", () =>
    Effect.gen(function* () {
      const { add, get } = yield* CartStore
      const [older, newer] = [newUser(), newUser()]
      yield* add(older, item("A", 1))
      yield* add(newer, item("B", 1))
      yield* TestClock.adjust("20 days")
      yield* get(older)
      yield* TestClock.adjust("10 days")
      assertEquals(shown(yield* get(newer)), "")
      assertEquals(shown(yield* get(older)), "A×1")
    }).pipe(Effect.provide(layerMemory))
  )

  it.effect("R8: forgets the orders that bought from it with the rest", () =>
    Effect.gen(function* () {
      const { add, get, removeBought } = yield* CartStore
      const userId = newUser()
      yield* removeBought(userId, orderKey(1), [item("A", 1)])
      yield* TestClock.adjust("30 days")
      yield* add(userId, item("A", 2))
      yield* removeBought(userId, orderKey(1), [item("A", 1)])
      assertEquals(shown(yield* get(userId)), "A×1")
    }).pipe(Effect.provide(layerMemory))
  )

  it.effect("does not change in the hands of whoever got it", () =>
    Effect.gen(function* () {
      const { add, get } = yield* CartStore
      const userId = newUser()
      yield* add(userId, item("A", 1))
      const before = yield* get(userId)
      yield* add(userId, item("A", 1))
      yield* add(userId, item("B", 1))
      assertEquals(shown(before), "A×1")
      assertEquals(before.version, 1)
    }).pipe(Effect.provide(layerMemory))
  )
})
