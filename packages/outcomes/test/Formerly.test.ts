import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { IdempotencyKey } from "@retro/domain/Ids"
import * as Money from "@retro/domain/Money"
import { Deferred, Duration, Effect, Either, Fiber, Option, Schema } from "effect"
import * as Entries from "../src/Entries.ts"
import * as Once from "../src/Once.ts"
import { Outcomes, retention } from "../src/Outcomes.ts"
import { layerMemory } from "../src/OutcomesMemory.ts"

const key = IdempotencyKey.make("key-0001")
const name = Entries.nameOf("deed", key)

/** Entries as they were first written, to the letter. */
const fingerprint = "48da0d6d5ada7518b982a57c09e95d7a3d72807effcabdd9c484e5cc49515cf6"
const begun = `{"_tag":"Begun","input":"${fingerprint}","attempt":"222bfc17-91f0-43e3-a9ab-4be24f0d7294"}`
const decided = (units: number) =>
  `{"_tag":"Decided","input":"${fingerprint}","result":{"_tag":"Right","right":{"currencyCode":"USD","units":"${units}","nanos":0}}}`

/**
 * An attempt at the key as replicas made it that kept who holds a key under another name: take that, write that it is
 * begun, do it, and put the verdict where that still stands. Succeeds with the entry that stands.
 */
const formerly = Effect.fnUntraced(function* (doing: Effect.Effect<number>) {
  const outcomes = yield* Outcomes
  yield* outcomes.putIfAbsent(`${name}:holder`, "a former one", Duration.seconds(15))
  const found = yield* outcomes.putIfAbsent(name, begun, retention)
  if (!found.startsWith(`{"_tag":"Decided"`)) yield* outcomes.replace(name, found, decided(yield* doing))
  yield* outcomes.remove(`${name}:holder`, "a former one")
  return yield* outcomes.find(name)
})

const amount = (units: number) => Either.getOrThrow(Money.make("USD", BigInt(units), 0))

const today = (doing: Effect.Effect<number>) =>
  Effect.flatMap(Once.make({ space: "deed", success: Money.FromWire, failure: Schema.Never }), (once) =>
    once.run({ key, input: "input", effect: Effect.map(doing, amount) })
  )

/** What is done when a test says so, and that it was begun. */
const held = Effect.gen(function* () {
  const [reached, go] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
  const doing = (units: number) =>
    Effect.as(Effect.zipRight(Deferred.succeed(reached, undefined), Deferred.await(go)), units)
  return { doing, reached: Deferred.await(reached), letGo: Deferred.succeed(go, undefined) }
})

describe("a key that replicas of two versions attempt, which do not see each other hold it", () => {
  const test = (law: string, body: Effect.Effect<void, unknown, Outcomes>) =>
    it.effect(law, () => Effect.provide(body, layerMemory))

  test(
    "R11: is decided once where the former one decided it",
    Effect.gen(function* () {
      yield* formerly(Effect.succeed(1))
      assertEquals(yield* today(Effect.die("not asked")), amount(1))
    })
  )

  test(
    "R11: is decided once where today's decided it, and the former one can read it",
    Effect.gen(function* () {
      yield* today(Effect.succeed(2))
      assertEquals(yield* formerly(Effect.die("not asked")), Option.some(decided(2)))
    })
  )

  test(
    "R11: is taken over from a former one that died",
    Effect.gen(function* () {
      yield* Effect.exit(formerly(Effect.die("killed")))
      assertEquals(yield* today(Effect.succeed(2)), amount(2))
    })
  )

  test(
    "R11: has one verdict, which both answer, where the former one began and was faster",
    Effect.gen(function* () {
      const [former, ours] = [yield* held, yield* held]
      const old = yield* Effect.fork(formerly(former.doing(1)))
      yield* former.reached
      const now = yield* Effect.fork(today(ours.doing(2)))
      yield* ours.reached
      yield* former.letGo
      assertEquals(yield* Fiber.join(old), Option.some(decided(1)))
      yield* ours.letGo
      assertEquals(yield* Fiber.join(now), amount(1))
    })
  )

  test(
    "R11: has one verdict, which both answer, where today's began and was faster",
    Effect.gen(function* () {
      const [former, ours] = [yield* held, yield* held]
      const now = yield* Effect.fork(today(ours.doing(2)))
      yield* ours.reached
      const old = yield* Effect.fork(formerly(former.doing(1)))
      yield* former.reached
      yield* ours.letGo
      assertEquals(yield* Fiber.join(now), amount(2))
      yield* former.letGo
      deepStrictEqual(yield* Fiber.join(old), Option.some(decided(2)))
      assertTrue(Option.isNone(yield* Effect.flatMap(Outcomes, ({ find }) => find(`${name}:holder`))))
    })
  )
})
