import { describe, it } from "@effect/vitest"
import { deepStrictEqual, strictEqual } from "@effect/vitest/utils"
import { Effect, TestClock } from "effect"
import * as TokenBuckets from "../src/TokenBuckets.ts"

const take = (buckets: TokenBuckets.TokenBuckets, key: string, times: number) =>
  Effect.forEach(Array(times), () => buckets.take(key, 1))

describe("token buckets", () => {
  it.effect("let through a burst, then what time refills, and say how long to wait", () =>
    Effect.gen(function* () {
      const buckets = TokenBuckets.make({ burst: 3, perMinute: 6 }, 10)
      deepStrictEqual(yield* take(buckets, "a", 5), [0, 0, 0, 10, 10])
      strictEqual(yield* buckets.take("b", 1), 0)
      yield* TestClock.adjust("9 seconds")
      strictEqual(yield* buckets.take("a", 1), 1)
      yield* TestClock.adjust("1 seconds")
      deepStrictEqual(yield* take(buckets, "a", 2), [0, 10])
      yield* TestClock.adjust("1 hour")
      deepStrictEqual(yield* take(buckets, "a", 4), [0, 0, 0, 10])
    })
  )

  it.effect("take all or nothing, and take back what was not needed, but never more than fits", () =>
    Effect.gen(function* () {
      const buckets = TokenBuckets.make({ burst: 3, perMinute: 6 }, 10)
      strictEqual(yield* buckets.take("a", 4), 10)
      strictEqual(yield* buckets.take("a", 3), 0)
      yield* buckets.giveBack("a", 2)
      deepStrictEqual(yield* take(buckets, "a", 3), [0, 0, 10])
      yield* buckets.giveBack("a", 99)
      deepStrictEqual(yield* take(buckets, "a", 4), [0, 0, 0, 10])
    })
  )

  it.effect("forget whoever was not seen the longest when there are too many to remember", () =>
    Effect.gen(function* () {
      const buckets = TokenBuckets.make({ burst: 1, perMinute: 1 }, 2)
      for (const key of ["a", "b"]) yield* buckets.take(key, 1)
      strictEqual(yield* buckets.take("a", 1), 60)
      yield* buckets.take("c", 1)
      deepStrictEqual(yield* Effect.forEach(["a", "c", "b"], (key) => buckets.take(key, 1)), [60, 60, 0])
    })
  )
})
