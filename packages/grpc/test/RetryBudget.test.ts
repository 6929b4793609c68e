import { describe, it } from "@effect/vitest"
import { assertTrue, strictEqual } from "@effect/vitest/utils"
import { FastCheck } from "effect"
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
