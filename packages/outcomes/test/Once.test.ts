import { CallFailed } from "@retro/contract/Contract"
import { IdempotencyKeyReused } from "@retro/contract/IdempotencyKeyReused"
import { codes } from "@retro/contract/Status"
import { IdempotencyKey } from "@retro/domain/Ids"
import * as Money from "@retro/domain/Money"
import * as Once from "../src/Once.ts"
import { Outcomes, OutcomesUnavailable } from "../src/Outcomes.ts"
import { layerMemory } from "../src/OutcomesMemory.ts"
import { describe, it } from "@effect/vitest"
import { assertEquals, assertFalse, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { Cause, Deferred, Effect, Either, Exit, Fiber, Option, Schema, TestClock } from "effect"

class No extends Schema.TaggedError<No>()("No", { why: Schema.String }) {}
class Later extends Schema.TaggedError<Later>()("Later", {}) {}
class Never extends Schema.TaggedError<Never>()("Never", {}) {}

/** A deed that counts how often it is done and undone. */
const counted = Effect.gen(function* () {
  const count = { done: 0, undone: 0 }
  const once = yield* Once.make({
    space: "deed",
    success: Money.FromWire,
    failure: Schema.Union(No, Never),
    revert: () => Effect.sync(() => (count.done > count.undone ? (count.undone++, true) : false))
  })
  const success = Effect.sync(() => (count.done++, amount(count.done)))
  return { count, once, success }
})

const amount = (units: number) => Either.getOrThrow(Money.make("USD", BigInt(units), 0))
const noVerdict = (code: number) => Either.left(new CallFailed({ path: "", code }))

const request = { key: IdempotencyKey.make("key-0001"), input: "input" }

/** A caller that freezes within its deed for longer than its lease, until it is thawed. */
const frozen = Effect.fnUntraced(function* (success: Effect.Effect<Money.Money>, revert: () => Effect.Effect<boolean>) {
  const outcomes = yield* Outcomes
  const thaw = yield* Deferred.make<void>()
  const leases: Array<readonly [string, string]> = []
  const watched = Outcomes.of({
    ...outcomes,
    claim: (key, attempt) =>
      Effect.tap(outcomes.claim(key, attempt), () => Effect.sync(() => leases.push([key, attempt.owner])))
  })
  const deed = { space: "deed", success: Money.FromWire, failure: Schema.Union(No, Never), revert }
  const once = yield* Effect.provideService(Once.make(deed), Outcomes, watched)
  const effect = Effect.zipRight(Deferred.await(thaw), success)
  const late = yield* Effect.fork(Effect.either(once.run({ ...request, effect })))
  yield* Effect.yieldNow()
  yield* Effect.forEach(leases, ([key, owner]) => outcomes.release(key, owner))
  return { late: Fiber.join(late), thaw: Deferred.succeed(thaw, undefined) }
})

describe("Once", () => {
  const test = (law: string, body: Effect.Effect<void, unknown, Outcomes>) =>
    it.effect(law, () => Effect.provide(body, layerMemory))

  test(
    "R1: does it once per key and repeats the success",
    Effect.gen(function* () {
      const { count, once, success } = yield* counted
      assertEquals(yield* once.run({ ...request, effect: success }), amount(1))
      assertEquals(yield* once.run({ ...request, effect: success }), amount(1))
      assertEquals(yield* once.run({ ...request, effect: Effect.die("not asked") }), amount(1))
      assertEquals(yield* once.run({ ...request, key: IdempotencyKey.make("key-0002"), effect: success }), amount(2))
      assertEquals(count.done, 2)
    })
  )

  test(
    "R13: remembers a verdict for 90 days",
    Effect.gen(function* () {
      const { count, once, success } = yield* counted
      yield* once.run({ ...request, effect: success })
      yield* TestClock.adjust("89 days")
      assertEquals(yield* once.run({ ...request, effect: success }), amount(1))
      yield* TestClock.adjust("2 days")
      yield* once.run({ ...request, effect: success })
      assertEquals(count.done, 2)
    })
  )

  test(
    "R1: repeats a typed failure, also one that failed inside a span",
    Effect.gen(function* () {
      const { count, once, success } = yield* counted
      const failing = Effect.fail(new No({ why: "because" })).pipe(Effect.withSpan("deed"))
      const refused = Either.left(new No({ why: "because" }))
      assertEquals(yield* Effect.either(once.run({ ...request, effect: failing })), refused)
      assertEquals(yield* Effect.either(once.run({ ...request, effect: success })), refused)
      assertEquals(count.done, 0)
    })
  )

  test(
    "R2: remembers neither a failure that is no verdict, nor a defect, nor an interruption",
    Effect.gen(function* () {
      const { once, success } = yield* counted
      assertEquals(
        yield* Effect.either(once.run({ ...request, effect: Effect.fail(new Later()) })),
        Either.left(new Later())
      )
      assertTrue(Exit.isFailure(yield* Effect.exit(once.run({ ...request, effect: Effect.die("bug") }))))
      const fiber = yield* Effect.fork(once.run({ ...request, effect: Effect.never }))
      yield* Effect.yieldNow()
      assertTrue(Exit.isInterrupted(yield* Fiber.interrupt(fiber)))
      assertEquals(yield* once.run({ ...request, effect: success }), amount(1))
    })
  )

  test(
    "R2: takes silence for no verdict, also where the caller cannot be interrupted",
    Effect.gen(function* () {
      const { once, success } = yield* counted
      const fiber = yield* Effect.fork(
        Effect.either(Effect.uninterruptible(once.run({ ...request, effect: Effect.never })))
      )
      yield* TestClock.adjust(Once.patience)
      assertEquals(yield* fiber, noVerdict(codes.DEADLINE_EXCEEDED))
      assertEquals(yield* once.run({ ...request, effect: success }), amount(1))
    })
  )

  test(
    "R1: refuses a key that stands for another input, decided or begun",
    Effect.gen(function* () {
      const { count, once, success } = yield* counted
      yield* once.run({ ...request, effect: success })
      const other = once.run({ ...request, input: "other", effect: success })
      assertEquals(yield* Effect.either(other), Either.left(new IdempotencyKeyReused()))
      yield* Effect.exit(once.run({ key: IdempotencyKey.make("key-0002"), input: "input", effect: Effect.die("bug") }))
      const begun = once.run({ key: IdempotencyKey.make("key-0002"), input: "other", effect: success })
      assertEquals(yield* Effect.either(begun), Either.left(new IdempotencyKeyReused()))
      assertEquals(count.done, 1)
    })
  )

  test(
    "does it once for fifty callers at the same time",
    Effect.gen(function* () {
      const { count, once, success } = yield* counted
      const slow = Effect.delay(success, "120 millis")
      const all = yield* Effect.fork(
        Effect.replicateEffect(once.run({ ...request, effect: slow }), 50, { concurrency: "unbounded" })
      )
      yield* TestClock.adjust("500 millis")
      assertTrue((yield* all).every((answer) => Money.toNanos(answer) === Money.toNanos(amount(1))))
      assertEquals(count.done, 1)
    })
  )

  test(
    "keeps the spaces of keys apart",
    Effect.gen(function* () {
      const { once, success } = yield* counted
      const other = yield* Once.make({ space: "other", success: Schema.Number, failure: No })
      yield* once.run({ ...request, effect: success })
      assertEquals(yield* other.run({ ...request, effect: Effect.succeed(7) }), 7)
      assertEquals(yield* once.run({ ...request, effect: success }), amount(1))
    })
  )

  test(
    "finds verdicts, and says of an attempt under way that nobody knows",
    Effect.gen(function* () {
      const { once, success } = yield* counted
      assertEquals(yield* once.find(request.key), Option.none())
      const gate = yield* Deferred.make<void>()
      const fiber = yield* Effect.fork(once.run({ ...request, effect: Effect.zipRight(Deferred.await(gate), success) }))
      yield* Effect.yieldNow()
      assertEquals(yield* Effect.either(once.find(request.key)), noVerdict(codes.UNAVAILABLE))
      yield* Deferred.succeed(gate, undefined)
      yield* fiber
      assertEquals(yield* once.find(request.key), Option.some(Either.right(amount(1))))
    })
  )

  test(
    "R2: revokes a key that was never used: nothing to revert, and refused from now on",
    Effect.gen(function* () {
      const { count, once, success } = yield* counted
      assertFalse(yield* once.revoke(request.key, new Never()))
      assertFalse(yield* once.revoke(request.key, new Never()))
      assertEquals(yield* Effect.either(once.run({ ...request, effect: success })), Either.left(new Never()))
      assertEquals(yield* once.find(request.key), Option.some(Either.left(new Never())))
      assertEquals(count.done, 0)
    })
  )

  test(
    "R2: revokes a success by reverting it once",
    Effect.gen(function* () {
      const { count, once, success } = yield* counted
      yield* once.run({ ...request, effect: success })
      assertTrue(yield* once.revoke(request.key, new Never()))
      assertTrue(yield* once.revoke(request.key, new Never()))
      assertEquals(yield* Effect.either(once.run({ ...request, effect: success })), Either.left(new Never()))
      deepStrictEqual(count, { done: 1, undone: 1 })
    })
  )

  test(
    "leaves a failure as it was when it is revoked",
    Effect.gen(function* () {
      const { once } = yield* counted
      const refused = once.run({ ...request, effect: Effect.fail(new No({ why: "" })) })
      yield* Effect.either(refused)
      assertFalse(yield* once.revoke(request.key, new Never()))
      assertEquals(yield* Effect.either(refused), Either.left(new No({ why: "" })))
    })
  )

  test(
    "waits for an attempt under way before it revokes it",
    Effect.gen(function* () {
      const { count, once, success } = yield* counted
      const charging = yield* Effect.fork(
        Effect.either(once.run({ ...request, effect: Effect.delay(success, "1 seconds") }))
      )
      yield* Effect.yieldNow()
      const revoking = yield* Effect.fork(once.revoke(request.key, new Never()))
      yield* TestClock.adjust("2 seconds")
      assertEquals(yield* charging, Either.right(amount(1)))
      assertTrue(yield* revoking)
      deepStrictEqual(count, { done: 1, undone: 1 })
    })
  )

  test(
    "R2: reverts what an attempt without a verdict did, when the key is revoked",
    Effect.gen(function* () {
      const { count, once, success } = yield* counted
      yield* Effect.exit(once.run({ ...request, effect: Effect.zipRight(success, Effect.die("killed")) }))
      assertTrue(yield* once.revoke(request.key, new Never()))
      deepStrictEqual(count, { done: 1, undone: 1 })
    })
  )

  test(
    "reverts what an attempt without a verdict did, before a later failure is final",
    Effect.gen(function* () {
      const { count, once, success } = yield* counted
      yield* Effect.exit(once.run({ ...request, effect: Effect.zipRight(success, Effect.die("killed")) }))
      yield* Effect.either(once.run({ ...request, effect: Effect.fail(new No({ why: "" })) }))
      deepStrictEqual(count, { done: 1, undone: 1 })
    })
  )

  test(
    "R2: passes a dead caller's key on, and takes back what that caller does too late",
    Effect.gen(function* () {
      const { count, once, success } = yield* counted
      const { late, thaw } = yield* frozen(success, () => Effect.sync(() => (count.undone++, true)))
      assertFalse(yield* once.revoke(request.key, new Never()))
      yield* thaw
      assertEquals(yield* late, Either.left(new Never()))
      deepStrictEqual(count, { done: 1, undone: 1 })
    })
  )

  test(
    "revokes also what a dead caller does just then",
    Effect.gen(function* () {
      const { count, success } = yield* counted
      const { late, thaw } = yield* frozen(success, () => Effect.succeed(false))
      const once = yield* Once.make({
        space: "deed",
        success: Money.FromWire,
        failure: Schema.Union(No, Never),
        revert: (_key, done) =>
          Option.isSome(done)
            ? Effect.sync(() => (count.undone++, true))
            : thaw.pipe(Effect.zipRight(late), Effect.as(false))
      })
      assertTrue(yield* once.revoke(request.key, new Never()))
      assertEquals(yield* late, Either.right(amount(1)))
      assertEquals(yield* once.find(request.key), Option.some(Either.left(new Never())))
      deepStrictEqual(count, { done: 1, undone: 1 })
    })
  )

  test(
    "R3: stores neither keys nor inputs",
    Effect.gen(function* () {
      const texts: Array<string> = []
      const outcomes = yield* Outcomes
      const watched = Outcomes.of({
        ...outcomes,
        claim: (key, attempt) =>
          Effect.zipRight(
            Effect.sync(() => texts.push(key, attempt.text)),
            outcomes.claim(key, attempt)
          ),
        settle: (key, owner, expected, text) =>
          Effect.zipRight(
            Effect.sync(() => texts.push(key, text)),
            outcomes.settle(key, owner, expected, text)
          )
      })
      const once = yield* Effect.provideService(
        Once.make({ space: "deed", success: Schema.Number, failure: No }),
        Outcomes,
        watched
      )
      yield* once.run({ key: IdempotencyKey.make("canary-key"), input: "canary@street", effect: Effect.succeed(1) })
      assertTrue(texts.length > 2)
      assertFalse(texts.join("\n").includes("canary"))
    })
  )

  test(
    "has no verdict while the store is silent",
    Effect.gen(function* () {
      const silent = Effect.fail(new OutcomesUnavailable())
      const store = Outcomes.of({
        find: () => silent,
        putIfAbsent: () => silent,
        replace: () => silent,
        remove: () => silent,
        claim: () => silent,
        settle: () => silent,
        release: () => silent
      })
      const once = yield* Effect.provideService(
        Once.make({ space: "deed", success: Schema.Number, failure: No }),
        Outcomes,
        store
      )
      assertEquals(
        yield* Effect.either(once.run({ ...request, effect: Effect.succeed(1) })),
        noVerdict(codes.UNAVAILABLE)
      )
      assertEquals(yield* Effect.either(once.revoke(request.key, new No({ why: "" }))), noVerdict(codes.UNAVAILABLE))
    })
  )

  test(
    "dies of an entry it cannot read without showing it",
    Effect.gen(function* () {
      const outcomes = yield* Outcomes
      const once = yield* Effect.provideService(
        Once.make({ space: "deed", success: Schema.Number, failure: No }),
        Outcomes,
        Outcomes.of({
          ...outcomes,
          claim: () => Effect.succeed({ _tag: "Final", text: `{"_tag":"Decided","canary":1}` })
        })
      )
      const exit = yield* Effect.exit(once.run({ ...request, effect: Effect.succeed(1) }))
      assertTrue(Exit.isFailure(exit) && Cause.isDie(exit.cause))
      assertFalse(String(exit).includes("canary"))
    })
  )
})
