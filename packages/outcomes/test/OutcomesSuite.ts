import { Outcomes, type OutcomesUnavailable } from "../src/Outcomes.ts"
import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { Duration, Effect, Layer, Option } from "effect"

/** What every store of outcomes promises. `pass` lets that much of the store's time go by. */
export const outcomesSuite = <E>(
  wiring: string,
  layer: Layer.Layer<Outcomes, E>,
  pass: (time: Duration.Duration) => Effect.Effect<void>
) =>
  describe(`Outcomes, ${wiring}`, () => {
    const test = (law: string, body: Effect.Effect<void, OutcomesUnavailable, Outcomes>) =>
      it.effect(law, () => Effect.provide(body, Layer.fresh(layer)))
    const minute = Duration.minutes(1)

    test(
      "knows nothing of a key it was never given",
      Effect.gen(function* () {
        const outcomes = yield* Outcomes
        assertEquals(yield* outcomes.find("a"), Option.none())
        assertEquals(yield* outcomes.replace("a", "", "1"), false)
        assertEquals(yield* outcomes.remove("a", ""), false)
      })
    )

    test(
      "R1: keeps the first text of a key",
      Effect.gen(function* () {
        const outcomes = yield* Outcomes
        assertEquals(yield* outcomes.putIfAbsent("a", "1", minute), "1")
        assertEquals(yield* outcomes.putIfAbsent("a", "2", minute), "1")
        assertEquals(yield* outcomes.find("a"), Option.some("1"))
        assertEquals(yield* outcomes.find("b"), Option.none())
      })
    )

    test(
      "R1: gives one text to all who put at the same time",
      Effect.gen(function* () {
        const outcomes = yield* Outcomes
        const texts = Array.from({ length: 20 }, (_, index) => String(index))
        const stored = yield* Effect.forEach(texts, (text) => outcomes.putIfAbsent("a", text, minute), {
          concurrency: "unbounded"
        })
        assertEquals(new Set(stored).size, 1)
        deepStrictEqual(yield* outcomes.find("a"), Option.fromNullable(stored[0]))
      })
    )

    test(
      "replaces and removes only what is expected",
      Effect.gen(function* () {
        const outcomes = yield* Outcomes
        yield* outcomes.putIfAbsent("a", "1", minute)
        assertEquals(yield* outcomes.replace("a", "2", "3"), false)
        assertEquals(yield* outcomes.remove("a", "2"), false)
        assertEquals(yield* outcomes.find("a"), Option.some("1"))
        assertTrue(yield* outcomes.replace("a", "1", "2"))
        assertEquals(yield* outcomes.find("a"), Option.some("2"))
        assertTrue(yield* outcomes.remove("a", "2"))
        assertEquals(yield* outcomes.find("a"), Option.none())
      })
    )

    test(
      "lets one of many replace a text",
      Effect.gen(function* () {
        const outcomes = yield* Outcomes
        yield* outcomes.putIfAbsent("a", "1", minute)
        const replaced = yield* Effect.forEach(["2", "3", "4"], (text) => outcomes.replace("a", "1", text), {
          concurrency: "unbounded"
        })
        assertEquals(replaced.filter(Boolean).length, 1)
      })
    )

    const attempt = (owner: string, open = "begun") => ({
      owner,
      open,
      lease: Duration.seconds(1),
      text: `begun by ${owner}`,
      timeToLive: minute
    })

    test(
      "R1: gives a key to one of many attempts",
      Effect.gen(function* () {
        const outcomes = yield* Outcomes
        const claims = yield* Effect.forEach(["a", "b", "c"], (owner) => outcomes.claim("key", attempt(owner)), {
          concurrency: "unbounded"
        })
        deepStrictEqual(claims.map(({ _tag }) => _tag).toSorted(), ["Held", "Held", "Mine"])
        const [text] = claims.flatMap((claim) => (claim._tag === "Mine" ? [claim.text] : []))
        deepStrictEqual(yield* outcomes.find("key"), Option.fromNullable(text))
      })
    )

    test(
      "R1: answers what is settled to every attempt, and holds the key for none",
      Effect.gen(function* () {
        const outcomes = yield* Outcomes
        deepStrictEqual(yield* outcomes.claim("key", attempt("a")), { _tag: "Mine", text: "begun by a" })
        assertTrue(yield* outcomes.settle("key", "a", "begun by a", "done"))
        deepStrictEqual(yield* outcomes.claim("key", attempt("b")), { _tag: "Final", text: "done" })
        deepStrictEqual(yield* outcomes.claim("key", attempt("c", "")), { _tag: "Mine", text: "done" })
        assertEquals(yield* outcomes.settle("key", "b", "begun by a", "never"), false)
        deepStrictEqual(yield* outcomes.claim("key", attempt("d", "")), { _tag: "Held" })
        yield* outcomes.release("key", "b")
        deepStrictEqual(yield* outcomes.claim("key", attempt("d", "")), { _tag: "Held" })
        assertEquals(yield* outcomes.settle("key", "c", "begun by a", "never"), false)
        deepStrictEqual(yield* outcomes.claim("key", attempt("d", "")), { _tag: "Mine", text: "done" })
        yield* outcomes.release("key", "d")
        deepStrictEqual(yield* outcomes.claim("key", attempt("e", "")), { _tag: "Mine", text: "done" })
      })
    )

    test(
      "passes a key on when its lease is over, with what stands there",
      Effect.gen(function* () {
        const outcomes = yield* Outcomes
        yield* outcomes.claim("key", attempt("a"))
        yield* pass(Duration.millis(500))
        deepStrictEqual(yield* outcomes.claim("key", attempt("b")), { _tag: "Held" })
        yield* pass(Duration.millis(700))
        deepStrictEqual(yield* outcomes.claim("key", attempt("b")), { _tag: "Mine", text: "begun by a" })
      })
    )

    test(
      "R13: forgets a key when its time is over, and not before",
      Effect.gen(function* () {
        const outcomes = yield* Outcomes
        yield* outcomes.putIfAbsent("short", "1", Duration.seconds(1))
        yield* outcomes.putIfAbsent("long", "1", Duration.minutes(10))
        yield* pass(Duration.millis(500))
        assertEquals(yield* outcomes.find("short"), Option.some("1"))
        yield* pass(Duration.millis(700))
        assertEquals(yield* outcomes.find("short"), Option.none())
        assertEquals(yield* outcomes.replace("short", "1", "2"), false)
        assertEquals(yield* outcomes.putIfAbsent("short", "2", minute), "2")
        assertEquals(yield* outcomes.find("long"), Option.some("1"))
      })
    )

    test(
      "does not give a replaced text more time than was left",
      Effect.gen(function* () {
        const outcomes = yield* Outcomes
        yield* outcomes.putIfAbsent("a", "1", Duration.seconds(1))
        yield* pass(Duration.millis(600))
        assertTrue(yield* outcomes.replace("a", "1", "2"))
        yield* pass(Duration.millis(600))
        assertEquals(yield* outcomes.find("a"), Option.none())
      })
    )
  })
