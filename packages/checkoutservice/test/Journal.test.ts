import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { CallFailed } from "@retro/contract/Contract"
import {
  Clock,
  Context,
  Deferred,
  Duration,
  Effect,
  Either,
  Exit,
  Fiber,
  Layer,
  Metric,
  Option,
  Redacted,
  Schema,
  Scope,
  TestClock
} from "effect"
import * as Attempts from "../src/Attempts.ts"
import * as Envelope from "../src/Envelope.ts"
import * as Journal from "../src/Journal.ts"
import * as JournalMetrics from "../src/JournalMetrics.ts"
import { answerStep, JournalStore } from "../src/JournalStore.ts"
import * as JournalStoreMemory from "../src/JournalStoreMemory.ts"
import * as Step from "../src/Step.ts"

class Refused extends Schema.TaggedError<Refused>()("Refused", {}) {}

const first = Step.define("first", { success: Schema.Number, failure: Refused })
const second = Step.define("second", { success: Schema.Number, failure: Refused })
const last = Step.define("last", { success: Schema.Void, failure: Schema.Never })

interface Effects {
  readonly first: Step.Action<number, Refused>
  readonly second: Step.Action<number, Refused>
  readonly last?: Step.Action<void, never>
}

/** A replica that runs a program of two steps and one that follows. */
const replica = (effects: Effects, version = 1) =>
  Journal.program({
    name: "Sum",
    version,
    input: Schema.Struct({ secret: Schema.String }),
    success: Schema.Number,
    failure: Refused,
    body: Effect.fnUntraced(function* (_id, _input, step) {
      return (yield* step(first, effects.first)) + (yield* step(second, effects.second))
    }),
    afterwards: (_id, _input, _answer, step) => (effects.last === undefined ? Effect.void : step(last, effects.last))
  })

const request = { id: "sum", group: "me", fingerprint: "one", input: { secret: "canary" } }

const stores = Layer.merge(JournalStoreMemory.layerMemory, Envelope.layerGenerated)

/** Counts how often it was asked. */
const counted = <A, E>(effect: Effect.Effect<A, E>) => {
  const count = { asked: 0 }
  return {
    count,
    run: () =>
      Effect.suspend(() => {
        count.asked++
        return effect
      })
  }
}

describe("a journal", () => {
  it.scoped("R4, R10: goes on after the last step that was written when its replica is stopped", () =>
    Effect.gen(function* () {
      const [one, two] = [counted(Effect.succeed(1)), counted(Effect.succeed(2))]
      const reached = yield* Deferred.make<void>()
      const scope = yield* Scope.make()
      const stopped = yield* Scope.extend(
        replica({
          first: one,
          second: { run: () => Effect.zipRight(Deferred.succeed(reached, undefined), Effect.never) }
        }),
        scope
      )
      const caller = yield* Effect.fork(stopped.run(request))
      yield* Deferred.await(reached)
      yield* Scope.close(scope, Exit.void)
      assertEquals((yield* Effect.flip(Fiber.join(caller)))._tag, "StillRunning")

      const next = yield* replica({ first: one, second: two })
      yield* next.recover
      const asked = yield* Effect.fork(next.run(request))
      yield* TestClock.adjust("1 seconds")
      assertEquals(yield* Fiber.join(asked), 3)
      deepStrictEqual([one.count.asked, two.count.asked], [1, 1])
    }).pipe(Effect.provide(stores))
  )

  it.scoped("R6: is counted: in flight while somebody works on it, taken up again, compensated", () =>
    Effect.gen(function* () {
      const label = <Type, In, Out>(metric: Metric.Metric<Type, In, Out>) => Metric.tagged(metric, "program", "Sum@1")
      const values = Effect.gen(function* () {
        const { value } = yield* Metric.value(label(JournalMetrics.inFlight))
        const again = yield* Metric.value(label(JournalMetrics.recovered))
        const undone = yield* Metric.value(label(JournalMetrics.compensated))
        return [value, again.count, undone.count] as const
      })
      const [flying, recovered, compensated] = yield* values
      const reached = yield* Deferred.make<void>()
      const scope = yield* Scope.make()
      const one = { run: () => Effect.succeed(1), undo: () => Effect.void }
      const hangs = { run: () => Effect.zipRight(Deferred.succeed(reached, undefined), Effect.never) }
      const stopped = yield* Scope.extend(replica({ first: one, second: hangs }), scope)
      yield* Effect.fork(Effect.ignore(stopped.run(request)))
      yield* Deferred.await(reached)
      deepStrictEqual(yield* values, [flying + 1, recovered, compensated])
      yield* Scope.close(scope, Exit.void)
      deepStrictEqual(yield* values, [flying, recovered, compensated])
      const next = yield* replica({ first: one, second: { run: () => new Refused() } })
      assertEquals(yield* Effect.flip(next.run(request)), new Refused())
      deepStrictEqual(yield* values, [flying, recovered + 1, compensated + 1])
    }).pipe(Effect.provide(stores))
  )

  it.scoped("R4: is undone by a typed failure, in reverse, and not by an interruption", () =>
    Effect.gen(function* () {
      const undone: Array<string> = []
      const undo = (name: string) => () => Effect.sync(() => undone.push(name))
      const program = yield* replica({
        first: { run: () => Effect.succeed(1), undo: undo("first") },
        second: { run: () => new Refused() }
      })
      assertTrue((yield* Effect.flip(program.run(request))) instanceof Refused)
      assertTrue((yield* Effect.flip(program.run(request))) instanceof Refused)
      deepStrictEqual(undone, ["first"])

      const reached = yield* Deferred.make<void>()
      const scope = yield* Scope.make()
      const interrupted = yield* Scope.extend(
        replica({
          first: { run: () => Effect.succeed(1), undo: undo("never") },
          second: { run: () => Effect.zipRight(Deferred.succeed(reached, undefined), Effect.never) }
        }),
        scope
      )
      const caller = yield* Effect.fork(interrupted.run({ ...request, id: "other" }))
      yield* Deferred.await(reached)
      yield* Scope.close(scope, Exit.void)
      yield* Fiber.await(caller)
      deepStrictEqual(undone, ["first"])
    }).pipe(Effect.provide(stores))
  )

  it.scoped("R1, R7: is fenced: an owner frozen past its lease writes nothing that counts", () =>
    Effect.gen(function* () {
      const store = yield* JournalStore
      const beginning = { id: "frozen", program: "Sum@1", group: "me", input: "", fingerprint: "" }
      const owner = yield* store.claim(beginning)
      yield* TestClock.adjust("13 seconds")
      const next = yield* store.claim(beginning)
      assertTrue(owner._tag === "Mine" && next._tag === "Mine")
      assertEquals(yield* store.write("frozen", owner.owner, [["first", "late"]]), false)
      assertEquals(yield* store.write("frozen", next.owner, [["first", "in time"]]), true)
      assertEquals(yield* store.finish("frozen", owner.owner, []), false)
    }).pipe(Effect.provide(stores))
  )

  it.scoped(
    "R2: writes down that a step is given up before it acts on it: once another owns the journal, nothing is abandoned",
    () =>
      Effect.gen(function* () {
        const store = yield* JournalStore
        yield* store.claim({ id: "silent", program: "Sum@1", group: "me", input: "", fingerprint: "" })
        const [asked, abandoned] = [
          counted(new CallFailed({ path: "", code: 14 })),
          counted(Effect.succeed(new Refused()))
        ]
        const action = { run: asked.run, abandon: abandoned.run }
        const ofOld = (steps: ReadonlyMap<string, string>) =>
          Step.make(store, "silent", { owner: "an owner of old", steps, input: "" }, () => Clock.currentTimeMillis)
        const late = yield* Effect.fork(ofOld(new Map()).step(first, action))
        yield* TestClock.adjust("10 seconds")
        assertTrue(Exit.isFailure(yield* Fiber.await(late)))
        const before = asked.count.asked
        assertTrue(before > 1)
        assertEquals(abandoned.count.asked, 0)

        const written = new Map([["give-up:first", ""]])
        const next = yield* Effect.exit(ofOld(written).step(first, action))
        assertTrue(Exit.isFailure(next))
        deepStrictEqual([asked.count.asked, abandoned.count.asked], [before, 1])
      }).pipe(Effect.provide(stores))
  )

  it.scoped.each([
    ["six seconds", {}, 5000, 7200],
    ["three where it changes nothing", { patience: Step.brief }, 2000, 4200]
  ] as const)("R2: asks a silent step again for %s, a second or so apart at most, and gives it up then", (law) =>
    Effect.gen(function* () {
      const [, patience, least, most] = law
      const times: Array<number> = []
      const silent = Effect.flatMap(Clock.currentTimeMillis, (now) => {
        times.push(now)
        return new CallFailed({ path: "", code: 14 })
      })
      const program = yield* replica({
        first: { run: () => silent, abandon: () => Effect.succeed(new Refused()), ...patience },
        second: { run: () => Effect.succeed(2) }
      })
      const caller = yield* Effect.fork(program.run(request))
      for (let i = 0; i < 100; i++) yield* TestClock.adjust("100 millis")
      assertTrue((yield* Effect.flip(Fiber.join(caller))) instanceof Refused)
      const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0))
      assertTrue(Math.max(...gaps) <= 1200 && (gaps[0] ?? Infinity) <= 120, gaps.join(" "))
      const took = (times.at(-1) ?? 0) - (times[0] ?? 0)
      assertTrue(took >= least && took <= most, `${took}`)
    }).pipe(Effect.provide(stores))
  )

  it.scoped("R2: two that meet the same silence do not ask again in step", () =>
    Effect.gen(function* () {
      const times = new Map<string, Array<number>>()
      const silent = (key: string) =>
        Effect.flatMap(Clock.currentTimeMillis, (now) => {
          times.set(key, [...(times.get(key) ?? []), now])
          return new CallFailed({ path: "", code: 14 })
        })
      const program = yield* replica({
        first: { run: silent, abandon: () => Effect.succeed(new Refused()) },
        second: { run: () => Effect.succeed(2) }
      })
      for (const id of ["one", "other"]) yield* Effect.fork(program.run({ ...request, id }))
      for (let i = 0; i < 200; i++) yield* TestClock.adjust("20 millis")
      const [one = [], other = []] = times.values()
      assertTrue(one.length > 4 && other.length > 4)
      assertTrue(JSON.stringify(one) !== JSON.stringify(other))
    }).pipe(Effect.provide(stores))
  )

  it.scoped("R2: gives a step up at once when it is in vain, and makes sure that nothing was done", () =>
    Effect.gen(function* () {
      const [asked, abandoned] = [counted(new Step.InVain()), counted(Effect.succeed(new Refused()))]
      const program = yield* replica({
        first: { run: asked.run, abandon: abandoned.run },
        second: { run: () => Effect.succeed(2) }
      })
      assertTrue((yield* Effect.flip(program.run(request))) instanceof Refused)
      deepStrictEqual([asked.count.asked, abandoned.count.asked], [1, 1])
    }).pipe(Effect.provide(stores))
  )

  it.scoped("R2: completes when a step that was silent for seconds answers after all", () =>
    Effect.gen(function* () {
      const up = yield* Deferred.make<void>()
      const first = Effect.flatMap(Deferred.isDone(up), (isUp) =>
        isUp ? Effect.succeed(1) : new CallFailed({ path: "", code: 14 })
      )
      const program = yield* replica({
        first: { run: () => first, abandon: () => Effect.succeed(new Refused()) },
        second: { run: () => Effect.succeed(2) }
      })
      const caller = yield* Effect.fork(program.run(request))
      yield* TestClock.adjust("4 seconds")
      yield* Deferred.succeed(up, undefined)
      yield* TestClock.adjust("2 seconds")
      assertEquals(yield* Fiber.join(caller), 3)
    }).pipe(Effect.provide(stores))
  )

  it.scoped("R7: keeps its lease while a step takes longer than it", () =>
    Effect.gen(function* () {
      const go = yield* Deferred.make<void>()
      const program = yield* replica({
        first: { run: () => Effect.as(Deferred.await(go), 1) },
        second: { run: () => Effect.succeed(2) }
      })
      const caller = yield* Effect.fork(program.run(request))
      for (let i = 0; i < 10; i++) yield* TestClock.adjust("3 seconds")
      deepStrictEqual(yield* Effect.flatMap(JournalStore, (store) => store.expired), [])
      yield* Deferred.succeed(go, undefined)
      yield* Fiber.await(caller)
      const asked = yield* Effect.fork(program.run(request))
      yield* TestClock.adjust("1 seconds")
      assertEquals(yield* Fiber.join(asked), 3)
    }).pipe(Effect.provide(stores))
  )

  it.scoped("R7: renews its lease at each third of it, no sooner and no later, and not once it is done", () =>
    Effect.gen(function* () {
      const go = yield* Deferred.make<void>()
      const renewals: Array<number> = []
      const program = yield* Effect.updateService(
        replica({
          first: { run: () => Effect.as(Deferred.await(go), 1) },
          second: { run: () => Effect.succeed(2) }
        }),
        JournalStore,
        (store) => ({
          ...store,
          renew: (id, owner) =>
            Effect.zipRight(
              Effect.map(Clock.currentTimeMillis, (now) => renewals.push(now)),
              store.renew(id, owner)
            )
        })
      )
      const { lease } = yield* JournalStore
      const third = Duration.toMillis(lease) / 3
      const caller = yield* Effect.fork(program.run(request))
      yield* TestClock.adjust(third - 1)
      deepStrictEqual(renewals, [])
      for (let millis = 0; millis < 3 * third; millis += 100) yield* TestClock.adjust("100 millis")
      deepStrictEqual(renewals, [third, 2 * third, 3 * third])
      yield* Deferred.succeed(go, undefined)
      yield* Fiber.await(caller)
      yield* TestClock.adjust(lease)
      assertEquals(renewals.length, 3)
    }).pipe(Effect.provide(stores))
  )

  it.scoped("R7: is renewed whatever goes wrong with the lease of another", () =>
    Effect.gen(function* () {
      const program = yield* Effect.updateService(
        replica({ first: { run: () => Effect.never }, second: { run: () => Effect.never } }),
        JournalStore,
        (store) => ({
          ...store,
          renew: (id, owner) => (id === request.id ? Effect.die(new Error("broken")) : store.renew(id, owner))
        })
      )
      yield* Effect.fork(program.run(request))
      yield* Effect.fork(program.run({ ...request, id: "other" }))
      for (let i = 0; i < 10; i++) yield* TestClock.adjust("3 seconds")
      const expired = yield* Effect.flatMap(JournalStore, (store) => store.expired)
      deepStrictEqual(
        expired.map(({ id }) => id),
        [request.id]
      )
    }).pipe(Effect.provide(stores))
  )

  it.scoped(
    "R4, R6: that ends in defects is taken up again ever later, and parked and counted in the end, with nothing undone",
    () =>
      Effect.gen(function* () {
        const [broken, undone] = [counted(Effect.die(new Error("broken"))), counted(Effect.void)]
        const parked = Metric.value(Metric.tagged(JournalMetrics.parked, "program", "Sum@1"))
        const { count: before } = yield* parked
        const program = yield* replica({ first: { run: () => Effect.succeed(1), undo: undone.run }, second: broken })
        const caller = yield* Effect.fork(program.run(request))
        yield* Effect.yieldNow()
        assertEquals((yield* Effect.flip(Fiber.join(caller)))._tag, "StillRunning")
        for (let i = 0; i < 400; i++) yield* Effect.zipRight(program.recover, TestClock.adjust("1 seconds"))
        const store = yield* JournalStore
        const entry = Option.getOrThrow(yield* store.read(request.id))
        deepStrictEqual([broken.count.asked, entry.parked], [Attempts.max, true])
        deepStrictEqual([undone.count.asked, (yield* parked).count], [0, before + 1])
      }).pipe(Effect.provide(stores))
  )

  it.scoped("repeats what follows from an answer until it is done, without asking for the answer again", () =>
    Effect.gen(function* () {
      let up = false
      const [one, sent] = [counted(Effect.succeed(1)), { count: 0 }]
      const program = yield* replica({
        first: one,
        second: { run: () => Effect.succeed(2) },
        last: { run: () => (up ? Effect.sync(() => void sent.count++) : new CallFailed({ path: "", code: 14 })) }
      })
      const caller = yield* Effect.fork(program.run(request))
      yield* TestClock.adjust("2 seconds")
      assertEquals(yield* Fiber.join(caller), 3)
      up = true
      for (let i = 0; i < 60; i++) yield* Effect.zipRight(program.recover, TestClock.adjust("1 seconds"))
      deepStrictEqual([one.count.asked, sent.count], [1, 1])
      deepStrictEqual(yield* Effect.flatMap(JournalStore, (store) => store.expired), [])
    }).pipe(Effect.provide(stores))
  )

  it.scoped("R4: whose lease is lost ends its run, and undoes nothing", () =>
    Effect.gen(function* () {
      const undone = counted(Effect.void)
      const program = yield* Effect.updateService(
        replica({ first: { run: () => Effect.succeed(1), undo: undone.run }, second: { run: () => Effect.never } }),
        JournalStore,
        (store) => ({ ...store, renew: () => Effect.succeed(false) })
      )
      const caller = yield* Effect.fork(program.run(request))
      yield* TestClock.adjust("5 seconds")
      assertEquals((yield* Effect.flip(Fiber.join(caller)))._tag, "StillRunning")
      assertEquals(undone.count.asked, 0)
    }).pipe(Effect.provide(stores))
  )

  it.scoped("R11: of another version of its program is left to those who have that", () =>
    Effect.gen(function* () {
      const store = yield* JournalStore
      const program = yield* replica({
        first: { run: () => Effect.succeed(1) },
        second: { run: () => Effect.succeed(2) }
      })
      const begun = { id: "newer", program: "Sum@2", group: "me", input: "", fingerprint: "" }
      yield* store.claim(begun)
      yield* TestClock.adjust("13 seconds")
      deepStrictEqual(yield* store.expired, [{ id: begun.id, program: begun.program }])
      yield* program.recover
      assertEquals(Option.getOrThrow(yield* store.read(begun.id)).attempts, 1)
    }).pipe(Effect.provide(stores))
  )

  it.scoped(
    "R11: that another version began is still running, for who asks by its id, until that version ends it",
    () =>
      Effect.gen(function* () {
        const one = { first: { run: () => Effect.succeed(1) }, second: { run: () => Effect.succeed(2) } }
        const asked = counted(Effect.succeed(1))
        const store = yield* JournalStore
        const [older, newer] = [yield* replica(one), yield* replica({ ...one, first: asked }, 2)]
        const { fingerprint, group, id } = request
        const claim = yield* store.claim({ id, program: "Sum@1", input: "", fingerprint, group })
        assertTrue(claim._tag === "Mine")
        yield* store.release(id, claim.owner, 0)
        const waiting = yield* Effect.fork(newer.run(request))
        yield* newer.recover
        const { value } = yield* Metric.value(Metric.tagged(JournalMetrics.foreign, "program", "Sum@2"))
        assertEquals(value, 1)
        for (let i = 0; i < 30; i++) yield* TestClock.adjust("500 millis")
        assertEquals((yield* Effect.flip(Fiber.join(waiting)))._tag, "StillRunning")
        assertEquals(asked.count.asked, 0)

        // The older version ends one of its own, and the newer one answers it.
        const other = { ...request, id: "older" }
        assertEquals(yield* older.run(other), 3)
        assertEquals(yield* newer.run(other), 3)
        assertEquals(asked.count.asked, 0)
      }).pipe(Effect.provide(stores))
  )

  it.scoped("R11: whose answer only another version can read has none yet", () =>
    Effect.gen(function* () {
      const [store, envelope] = yield* Effect.all([JournalStore, Envelope.Envelope])
      const { fingerprint, group, id } = request
      const claim = yield* store.claim({ id, program: "Sum@2", input: "", fingerprint, group })
      assertTrue(claim._tag === "Mine")
      const unknown = JSON.stringify({ _tag: "Left", left: { _tag: "RefusedForNewReasons" } })
      yield* store.write(id, claim.owner, [[answerStep, envelope.seal(unknown)]])
      const program = yield* replica({
        first: { run: () => Effect.succeed(1) },
        second: { run: () => Effect.succeed(2) }
      })
      assertEquals((yield* Effect.flip(program.run(request)))._tag, "StillRunning")
      assertEquals(yield* program.answerIn(Option.getOrThrow(yield* store.read(id))), Option.none())
    }).pipe(Effect.provide(stores))
  )

  it.scoped("R9: builds its codecs once, not for each run", () =>
    Effect.gen(function* () {
      let asked = 0
      const watched = Schema.Number.annotations({ title: "watched" })
      const { ast } = watched
      Object.defineProperty(watched, "ast", { get: () => (asked++, ast) })
      const only = Step.define("only", { success: watched, failure: Schema.Never })
      const program = yield* Journal.program({
        name: "Watched",
        version: 1,
        input: watched,
        success: watched,
        failure: Schema.Never,
        body: (_id, input, step) => step(only, { run: () => Effect.succeed(input + 1) }),
        afterwards: () => Effect.void
      })
      // The first run makes what writes, the second what reads.
      for (const id of ["one", "one"]) assertEquals(yield* program.run({ ...request, id, input: 1 }), 2)
      const built = asked
      assertTrue(built > 0)
      for (const id of ["two", "three", "one"]) assertEquals(yield* program.run({ ...request, id, input: 1 }), 2)
      assertEquals(asked, built)
    }).pipe(Effect.provide(stores))
  )

  it.scoped("R3: holds its input and its answer sealed", () =>
    Effect.gen(function* () {
      const program = yield* replica({
        first: { run: () => Effect.succeed(1) },
        second: { run: () => Effect.succeed(2) }
      })
      yield* program.run(request)
      const store = yield* JournalStore
      const entry = Option.getOrThrow(yield* store.read(request.id))
      assertTrue(!JSON.stringify([entry, [...entry.steps]]).includes("canary"))
      deepStrictEqual(yield* program.answerIn(entry), Option.some(Either.right(3)))
    }).pipe(Effect.provide(stores))
  )
})

describe("an envelope", () => {
  const key = (fill: number) => Envelope.make(Redacted.make(Buffer.alloc(32, fill)))

  it("R3: opens what it sealed and nothing else", () => {
    const sealed = key(1).seal("Łódź, 東京")
    deepStrictEqual(key(1).open(sealed), Either.right("Łódź, 東京"))
    assertTrue(Either.isLeft(key(2).open(sealed)))
    assertTrue(Either.isLeft(key(1).open(sealed.slice(0, -8))))
    assertTrue(Either.isLeft(key(1).open("")))
  })

  it("seals the same text differently every time", () => assertTrue(key(1).seal("same") !== key(1).seal("same")))

  it.effect("wants 32 bytes and says so", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Layer.build(Envelope.layerConfig))
      assertTrue(String(error).includes("PII_KEY"))
    }).pipe(
      Effect.scoped,
      Effect.map(() => Context.empty())
    )
  )
})
