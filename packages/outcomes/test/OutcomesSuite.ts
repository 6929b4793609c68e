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
