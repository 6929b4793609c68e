import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual, strictEqual } from "@effect/vitest/utils"
import { FastCheck } from "effect"
import * as CircuitBreaker from "../src/CircuitBreaker.ts"

/** A breaker with the states it went through, and calls of it that end at once. */
const watched = () => {
  const states: Array<CircuitBreaker.State> = []
  const breaker = CircuitBreaker.make((state) => states.push(state))
  const call = (now: number, answered: boolean): boolean => {
    if (!breaker.admits(now)) return false
    breaker[answered ? "answered" : "unanswered"](now)
    return true
  }
  return { breaker, states, call }
}

/** Opens it at time 0. */
const opened = () => {
  const it = watched()
  for (let n = 0; n < 5; n++) it.call(0, false)
  return it
}

describe("a circuit breaker", () => {
  it("opens at the fifth call in a window without a verdict, and then lets nothing through", () => {
    const { call, states } = watched()
    const calls = Array.from({ length: 7 }, () => call(0, false))
    deepStrictEqual(calls, [true, true, true, true, true, false, false])
    deepStrictEqual(states, ["open"])
  })

  it("stays closed while more than half of the calls are answered", () => {
    const { call, states } = watched()
    for (let n = 0; n < 1000; n++) assertTrue(call(n, n % 2 === 0 || n % 3 === 0))
    deepStrictEqual(states, [])
  })

  it("forgets failures after ten seconds", () => {
    const { call, states } = watched()
    for (let n = 0; n < 4; n++) call(n, false)
    for (let n = 0; n < 4; n++) call(10_000 + n, false)
    deepStrictEqual(states, [])
  })

  it("lets one call through every 250 ms: half open until it is back, closed if it is answered, open if not", () => {
    const { call, states } = opened()
    deepStrictEqual([call(249, true), call(250, false), call(499, true), call(500, true)], [false, true, false, true])
    deepStrictEqual(states, ["open", "half-open", "open", "half-open", "closed"])
    assertTrue(call(501, true))
  })

  it("needs five failures again once it was closed", () => {
    const { call, states } = opened()
    call(250, true)
    deepStrictEqual(
      Array.from({ length: 6 }, (_, n) => call(251 + n, false)),
      [true, true, true, true, true, false]
    )
    strictEqual(states.at(-1), "open")
  })

  it("does not wait for a trial that never comes back: its caller may have hung up", () => {
    const { breaker } = opened()
    deepStrictEqual(
      [250, 300, 499, 500].map((now) => breaker.admits(now)),
      [true, false, false, true]
    )
  })

  it("sends a peer that is gone four calls a second, whatever is asked of it", () =>
    FastCheck.assert(
      FastCheck.property(FastCheck.array(FastCheck.nat(20), { minLength: 500, maxLength: 1000 }), (pauses) => {
        const { call } = opened()
        let [now, sent] = [0, 0]
        for (const pause of pauses) {
          now += pause
          if (call(now, false)) sent++
        }
        assertTrue(sent <= now / 250)
      })
    ))
})
