import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { DateTime, Either, FastCheck, Schema } from "effect"
import { TimestampFromWire } from "../src/Timestamp.ts"

const encode = Schema.encodeSync(TimestampFromWire)
const decode = Schema.decodeUnknownSync(TimestampFromWire)
const furthest = 8_640_000_000_000_000

describe("a moment", () => {
  it.prop("comes back to the millisecond", [FastCheck.integer({ min: -furthest, max: furthest })], ([millis]) => {
    const moment = DateTime.unsafeMake(millis)
    assertEquals(decode(encode(moment)), moment)
  })

  it.prop(
    "has nanos from zero up, also before 1970",
    [FastCheck.integer({ min: -furthest, max: furthest })],
    ([millis]) => {
      const { nanos, seconds } = encode(DateTime.unsafeMake(millis))
      assertTrue(nanos >= 0 && nanos < 1e9)
      deepStrictEqual(seconds * 1000n + BigInt(nanos) / 1_000_000n, BigInt(millis))
    }
  )

  it("drops what is finer than a millisecond", () =>
    assertEquals(decode({ seconds: 1n, nanos: 999_999_999 }), DateTime.unsafeMake(1999)))

  it.each([
    ["later than any date", { seconds: 8_640_000_000_001n, nanos: 0 }],
    ["the last int64", { seconds: 2n ** 63n - 1n, nanos: 0 }],
    ["earlier than any date", { seconds: -8_640_000_000_001n, nanos: 0 }],
    ["a whole second of nanos", { seconds: 0n, nanos: 1e9 }],
    ["negative nanos", { seconds: 0n, nanos: -1 }],
    ["no number", { seconds: 0n, nanos: NaN }]
  ])("is refused: %s", (_what, message) =>
    assertTrue(Either.isLeft(Schema.decodeUnknownEither(TimestampFromWire)(message)))
  )
})
