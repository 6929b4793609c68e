import { describe, it } from "@effect/vitest"
import { assertEquals, assertFalse, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { Duration, Effect, Fiber, type Layer, Logger, LogLevel, Option } from "effect"
import { answerStep, Claim, JournalStore, type JournalUnavailable, type Terms } from "../src/JournalStore.ts"

let journals = 0
/** Nobody has begun this journal before. */
export const beginning = (part: { readonly group?: string } = {}) => {
  const id = `journal-${process.pid}-${++journals}`
  return { id, program: "Sum@1", group: `group of ${id}`, fingerprint: "print", input: `input of ${id}`, ...part }
}

/** Takes a journal that nobody owns, or dies. */
export const taken = (claim: Effect.Effect<Claim, JournalUnavailable>) =>
  Effect.filterOrDieMessage(claim, Claim.$is("Mine"), "somebody else has it")

/** What every store of journals promises. `pass` lets that much of the store's time go by. */
export const journalStoreSuite = <E>(
  wiring: string,
  layer: Layer.Layer<JournalStore, E>,
  { lease, retention }: Terms,
  pass: (time: Duration.DurationInput) => Effect.Effect<void>
) =>
  describe(`journals, ${wiring}`, () => {
    it.layer(layer)((it) => {
      const test = (law: string, body: Effect.Effect<void, JournalUnavailable, JournalStore>) =>
        it.effect(law, () => body.pipe(Logger.withMinimumLogLevel(LogLevel.None)))
      const leaseIsOver = pass(Duration.sum(lease, "20 millis"))
      const expiredIds = Effect.flatMap(JournalStore, (store) =>
        Effect.map(store.expired, (found) => new Set(found.map(({ id }) => id)))
      )

      test(
        "gives a new journal to whoever asks first, and to nobody else",
        Effect.gen(function* () {
          const store = yield* JournalStore
          const begun = beginning()
          const mine = yield* taken(store.claim(begun))
          deepStrictEqual([mine.input, [...mine.steps], mine.attempts], [begun.input, [], 1])
          assertEquals(yield* store.claim(begun), Claim.Busy())
          assertEquals(yield* store.resume(begun.id), Claim.Busy())
        })
      )

      test(
        "knows no journal that was not begun",
        Effect.gen(function* () {
          const store = yield* JournalStore
          assertEquals(yield* store.resume("unknown"), Claim.Busy())
          assertEquals(yield* store.read("unknown"), Option.none())
          assertEquals((yield* store.list("unknown", 50)).length, 0)
          assertFalse(yield* store.write("unknown", "", [["one", "1"]]))
          assertFalse(yield* store.finish("unknown", "", []))
          assertFalse(yield* store.renew("unknown", ""))
        })
      )

      test(
        "gives one journal one owner, however many ask at once",
        Effect.gen(function* () {
          const store = yield* JournalStore
          const begun = beginning()
          const all = yield* Effect.replicateEffect(store.claim(begun), 50, { concurrency: "unbounded" })
          deepStrictEqual(all.map(({ _tag }) => _tag).sort(), [...Array.from({ length: 49 }, () => "Busy"), "Mine"])
        })
      )

      test(
        "R5: refuses an id that stands for another input: begun, answered or finished",
        Effect.gen(function* () {
          const store = yield* JournalStore
          const begun = beginning()
          const other = store.claim({ ...begun, fingerprint: "another" })
          const { owner } = yield* taken(store.claim(begun))
          assertEquals(yield* other, Claim.Reused())
          yield* store.write(begun.id, owner, [[answerStep, "42"]])
          assertEquals(yield* other, Claim.Reused())
          yield* store.finish(begun.id, owner, [])
          assertEquals(yield* other, Claim.Reused())
        })
      )

      test(
        "answers once there is an answer, though work goes on after it",
        Effect.gen(function* () {
          const store = yield* JournalStore
          const begun = beginning()
          const { owner } = yield* taken(store.claim(begun))
          assertTrue(yield* store.write(begun.id, owner, [[answerStep, "42"]]))
          assertEquals(yield* store.claim(begun), Claim.Done({ answer: "42" }))
          assertTrue(yield* store.write(begun.id, owner, [["mail", "sent"]]))
          assertTrue(yield* store.finish(begun.id, owner, []))
          assertEquals(yield* store.claim(begun), Claim.Done({ answer: "42" }))
        })
      )

      test(
        "writes several steps at once, and the last ones with the end: all of them, or none where it is not the owner's",
        Effect.gen(function* () {
          const store = yield* JournalStore
          const begun = beginning()
          const stepsNow = Effect.map(store.read(begun.id), (entry) =>
            Object.fromEntries(Option.getOrThrow(entry).steps)
          )
          const former = yield* taken(store.claim(begun))
          yield* leaseIsOver
          const { owner } = yield* taken(store.claim(begun))
          assertFalse(
            yield* store.write(begun.id, former.owner, [
              ["ship", "late"],
              [answerStep, "late"]
            ])
          )
          assertFalse(yield* store.finish(begun.id, former.owner, [["mail", "late"]]))
          deepStrictEqual(yield* stepsNow, {})
          assertTrue(
            yield* store.write(begun.id, owner, [
              ["ship", "1"],
              [answerStep, "42"]
            ])
          )
          deepStrictEqual(yield* stepsNow, { ship: "1", [answerStep]: "42" })
          assertTrue(
            yield* store.finish(begun.id, owner, [
              ["clear-cart", "2"],
              ["mail", "3"]
            ])
          )
          deepStrictEqual(yield* stepsNow, { ship: "1", [answerStep]: "42", "clear-cart": "2", mail: "3" })
          assertTrue(Option.getOrThrow(yield* store.read(begun.id)).finished)
        })
      )

      test(
        "R11: leaves a journal to the version of the program that began it, and answers what that answered",
        Effect.gen(function* () {
          const store = yield* JournalStore
          const begun = beginning()
          const newer = store.claim({ ...begun, program: "Sum@2" })
          const { owner } = yield* taken(store.claim(begun))
          yield* store.release(begun.id, owner, 0)
          assertEquals(yield* newer, Claim.Busy())
          const again = yield* taken(store.claim(begun))
          deepStrictEqual([again.attempts, again.input], [2, begun.input])
          yield* store.write(begun.id, again.owner, [[answerStep, "42"]])
          assertEquals(yield* newer, Claim.Done({ answer: "42" }))
        })
      )

      test(
        "takes nothing more once it is finished",
        Effect.gen(function* () {
          const store = yield* JournalStore
          const begun = beginning()
          const { owner } = yield* taken(store.claim(begun))
          assertTrue(yield* store.finish(begun.id, owner, []))
          assertFalse(yield* store.write(begun.id, owner, [["late", "1"]]))
          assertFalse(yield* store.renew(begun.id, owner))
          assertFalse(yield* store.finish(begun.id, owner, []))
          yield* leaseIsOver
          assertEquals(yield* store.resume(begun.id), Claim.Busy())
          assertFalse((yield* expiredIds).has(begun.id))
        })
      )

      test(
        "R1, R7: passes on what was written when a lease is over, and fences the former owner off",
        Effect.gen(function* () {
          const store = yield* JournalStore
          const begun = beginning()
          const former = yield* taken(store.claim(begun))
          assertTrue(yield* store.write(begun.id, former.owner, [["one", "1"]]))
          assertFalse((yield* expiredIds).has(begun.id))
          yield* leaseIsOver
          assertFalse(yield* store.write(begun.id, former.owner, [["two", "late"]]))
          assertFalse(yield* store.renew(begun.id, former.owner))
          deepStrictEqual(
            (yield* store.expired).filter(({ id }) => id === begun.id),
            [{ id: begun.id, program: begun.program }]
          )
          const mine = yield* taken(store.resume(begun.id))
          deepStrictEqual([[...mine.steps], mine.attempts, mine.input], [[["one", "1"]], 2, begun.input])
          assertTrue(mine.owner !== former.owner)
          assertFalse(yield* store.write(begun.id, former.owner, [["two", "late"]]))
          assertFalse(yield* store.finish(begun.id, former.owner, []))
          yield* store.release(begun.id, former.owner, 0)
          yield* store.park(begun.id, former.owner)
          assertEquals(yield* store.claim(begun), Claim.Busy())
          assertTrue(yield* store.write(begun.id, mine.owner, [["two", "2"]]))
          const { parked, steps } = Option.getOrThrow(yield* store.read(begun.id))
          deepStrictEqual([parked, Object.fromEntries(steps)], [false, { one: "1", two: "2" }])
        })
      )

      test(
        "R7: leaves a journal to an owner who renews its lease",
        Effect.gen(function* () {
          const store = yield* JournalStore
          const begun = beginning()
          const { owner } = yield* taken(store.claim(begun))
          for (let n = 0; n < 3; n++) {
            yield* pass(Duration.times(lease, 0.5))
            assertTrue(yield* store.renew(begun.id, owner))
          }
          assertEquals(yield* store.resume(begun.id), Claim.Busy())
          assertFalse((yield* expiredIds).has(begun.id))
          yield* leaseIsOver
          assertTrue((yield* expiredIds).has(begun.id))
        })
      )

      test(
        "takes a journal back, for at once or for later",
        Effect.gen(function* () {
          const store = yield* JournalStore
          const begun = beginning()
          const first = yield* taken(store.claim(begun))
          yield* store.release(begun.id, first.owner, 0)
          assertTrue((yield* expiredIds).has(begun.id))
          assertFalse(yield* store.write(begun.id, first.owner, [["late", "1"]]))
          const second = yield* taken(store.claim(begun))
          yield* store.release(begun.id, second.owner, Duration.toMillis(lease))
          assertFalse((yield* expiredIds).has(begun.id))
          assertEquals(yield* store.claim(begun), Claim.Busy())
          yield* leaseIsOver
          assertTrue((yield* expiredIds).has(begun.id))
          assertEquals((yield* taken(store.resume(begun.id))).attempts, 3)
        })
      )

      test(
        "R6: keeps a parked journal from everybody, and shows it",
        Effect.gen(function* () {
          const store = yield* JournalStore
          const begun = beginning()
          const { owner } = yield* taken(store.claim(begun))
          yield* store.park(begun.id, owner)
          assertFalse(yield* store.write(begun.id, owner, [["late", "1"]]))
          yield* leaseIsOver
          assertFalse((yield* expiredIds).has(begun.id))
          assertEquals(yield* store.claim(begun), Claim.Busy())
          assertEquals(yield* store.resume(begun.id), Claim.Busy())
          assertTrue(Option.exists(yield* store.read(begun.id), ({ parked }) => parked))
        })
      )

      test(
        "R6: lists what is parked, and gives it back for an operator: at once, with its steps, attempts counted anew",
        Effect.gen(function* () {
          const store = yield* JournalStore
          const begun = beginning()
          const parked = Effect.map(store.parked, (entries) => entries.filter(({ id }) => id === begun.id))
          assertFalse(yield* store.unpark(begun.id))
          const first = yield* taken(store.claim(begun))
          yield* store.write(begun.id, first.owner, [["one", "1"]])
          yield* store.release(begun.id, first.owner, 0)
          const { owner } = yield* taken(store.claim(begun))
          assertFalse(yield* store.unpark(begun.id))
          assertEquals((yield* parked).length, 0)
          yield* store.park(begun.id, owner)
          deepStrictEqual(yield* parked, Option.toArray(yield* store.read(begun.id)))
          deepStrictEqual(
            (yield* parked).map(({ attempts, steps }) => [attempts, [...steps.keys()]]),
            [[2, ["one"]]]
          )

          assertTrue(yield* store.unpark(begun.id))
          assertFalse(yield* store.unpark(begun.id))
          assertEquals((yield* parked).length, 0)
          assertTrue((yield* expiredIds).has(begun.id))
          const mine = yield* taken(store.resume(begun.id))
          deepStrictEqual([mine.attempts, [...mine.steps]], [1, [["one", "1"]]])
          assertTrue(yield* store.finish(begun.id, mine.owner, []))
        })
      )

      test(
        "can be read by whoever does not own it",
        Effect.gen(function* () {
          const store = yield* JournalStore
          const begun = beginning()
          const { owner } = yield* taken(store.claim(begun))
          yield* store.write(begun.id, owner, [["two words: Łódź", "line\nbreak \u2028 and \0"]])
          const { attempts, begunAt, finished, leasedUntil, parked, steps, ...rest } = Option.getOrThrow(
            yield* store.read(begun.id)
          )
          deepStrictEqual(rest, begun)
          deepStrictEqual(
            [parked, finished, leasedUntil === undefined, attempts, [...steps]],
            [false, false, false, 1, [["two words: Łódź", "line\nbreak \u2028 and \0"]]]
          )
          assertTrue(Number.isSafeInteger(begunAt))
        })
      )

      test(
        "lists the journals of a group, the newest first",
        Effect.gen(function* () {
          const store = yield* JournalStore
          const [group, other] = ["a group", "another group"]
          const begun = [beginning({ group }), beginning({ group: other }), beginning({ group }), beginning({ group })]
          for (const one of begun) yield* Effect.zipRight(pass("5 millis"), store.claim(one))
          const ids = (listed: ReadonlyArray<{ readonly id: string }>) => listed.map(({ id }) => id)
          deepStrictEqual(ids(yield* store.list(group, 50)), [begun[3]?.id, begun[2]?.id, begun[0]?.id])
          deepStrictEqual(ids(yield* store.list(group, 2)), [begun[3]?.id, begun[2]?.id])
          deepStrictEqual(ids(yield* store.latest).slice(0, 4), begun.map(({ id }) => id).reverse())
          deepStrictEqual(yield* store.list(other, 50), Option.toArray(yield* store.read(begun[1]?.id ?? "")))
        })
      )

      test(
        "shows until when a journal is leased, and that it is finished",
        Effect.gen(function* () {
          const store = yield* JournalStore
          const begun = beginning()
          const { owner } = yield* taken(store.claim(begun))
          const seen = Effect.map(store.read(begun.id), Option.getOrThrow)
          const { begunAt, finished, leasedUntil } = yield* seen
          deepStrictEqual([leasedUntil, finished], [begunAt + Duration.toMillis(lease), false])
          yield* store.release(begun.id, owner, 0)
          assertEquals((yield* seen).leasedUntil, undefined)
          const again = yield* taken(store.resume(begun.id))
          yield* store.finish(begun.id, again.owner, [])
          deepStrictEqual([(yield* seen).leasedUntil, (yield* seen).finished], [undefined, true])
        })
      )

      test(
        "hints at changes in bounded time",
        Effect.gen(function* () {
          const store = yield* JournalStore
          const waiting = yield* Effect.fork(store.changed("whichever"))
          yield* pass("200 millis")
          yield* Fiber.join(waiting)
        })
      )

      test(
        "R13: forgets a journal when it has been kept long enough, and not before",
        Effect.gen(function* () {
          const store = yield* JournalStore
          const begun = beginning({ group: "kept" })
          const { owner } = yield* taken(store.claim(begun))
          yield* store.write(begun.id, owner, [[answerStep, "42"]])
          yield* pass(Duration.times(retention, 0.6))
          assertEquals(yield* store.claim(begun), Claim.Done({ answer: "42" }))
          assertEquals((yield* store.list("kept", 50)).length, 1)
          yield* pass(Duration.times(retention, 0.5))
          assertEquals(yield* store.read(begun.id), Option.none())
          assertEquals((yield* store.list("kept", 50)).length, 0)
          assertFalse((yield* expiredIds).has(begun.id))
          assertEquals((yield* taken(store.claim({ ...begun, fingerprint: "another" }))).attempts, 1)
        })
      )
    })
  })
