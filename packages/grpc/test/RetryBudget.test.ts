import { describe, it } from "@effect/vitest"
import { assertTrue, strictEqual } from "@effect/vitest/utils"
import { Duration, Effect, FastCheck, Random, Schedule } from "effect"
import * as Peer from "../src/Peer.ts"
import * as RetryBudget from "../src/RetryBudget.ts"

/** How many of these calls are repeated, each twice where the budget allows it, when those marked fail whatever is done. */
const repeats = (calls: Iterable<boolean>): number => {
  const budget = RetryBudget.make()
  let repeated = 0
  for (const fails of calls) {
    budget.earn()
    for (let again = 0; fails && again < 2 && budget.isEnough(); again++) {
      budget.spend()
      repeated++
    }
  }
  return repeated
}

describe("the second repeat", () => {
  it.effect("is the last, and made after 32 to 48 milliseconds, by no two callers the same", () =>
    Effect.gen(function* () {
      const pausesOf = (seed: number) =>
        Schedule.run(Schedule.delays(Peer.onceMore), 0, [1, 2, 3]).pipe(
          Effect.withRandom(Random.make(seed)),
          Effect.map((pauses) => Array.from(pauses, Duration.toMillis))
        )
      const pauses = yield* Effect.forEach([1, 2, 3, 4, 5], pausesOf)
      for (const [pause = 0, last = 0, ...more] of pauses) {
        assertTrue(pause >= 32 && pause <= 48, `${pause}`)
        strictEqual(last + more.length, 0)
      }
      strictEqual(new Set(pauses.map(([pause]) => pause)).size, 5)
    })
  )
})

describe("a budget for repeats", () => {
  it("adds at most 10 % of load, and hardly less, when every one of 500 calls or more fails", () => {
    for (const calls of [500, 1000, 10_000, 100_000]) {
      const extra = repeats(Array.from({ length: calls }, () => true)) / calls
      assertTrue(extra <= 0.1 && extra > 0.07)
    }
  })

  it("pays the repeats of a quiet peer that restarts: the first five calls may be asked twice again", () => {
    strictEqual(repeats([true, true, true, true, true]), 10)
  })

  it("never pays more than ten repeats and 8 % of the calls, in whatever order they fail", () =>
    FastCheck.assert(
      FastCheck.property(FastCheck.array(FastCheck.boolean(), { maxLength: 2000 }), (calls) => {
        assertTrue(repeats(calls) <= 10 + 0.08 * calls.length)
      })
    ))
})
