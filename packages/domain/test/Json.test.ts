import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { Either, FastCheck, Schema } from "effect"
import * as Json from "../src/Json.ts"

const big = Schema.BigIntFromSelf
const throughText = <A, I, R>(schema: Schema.Schema<A, I, R>, value: A): unknown => {
  const codec = Json.codec(schema) as unknown as Schema.Schema<A, unknown>
  return Schema.decodeUnknownSync(codec)(JSON.parse(JSON.stringify(Schema.encodeSync(codec)(value))))
}

describe("JSON of a message", () => {
  it.prop("keeps every int64", [FastCheck.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })], ([n]) =>
    deepStrictEqual(throughText(big, n), n)
  )

  it("writes an int64 as decimal digits", () =>
    deepStrictEqual(Schema.encodeSync(Json.codec(big))(2n ** 53n + 1n), "9007199254740993"))

  it.each(["", "1.0", "1e3", "0x1", " 1", "1n", "--1", "+1", "9".repeat(21)])("refuses %j as an int64", (text) =>
    assertTrue(Either.isLeft(Schema.decodeUnknownEither(Json.codec(big))(text)))
  )

  it("reaches into structs, arrays, tuples, records and alternatives", () => {
    const nested = Schema.Struct({
      list: Schema.Array(Schema.Struct({ at: Schema.Array(big) })),
      pair: Schema.Tuple(big, Schema.String),
      record: Schema.Record({ key: Schema.String, value: big }),
      either: Schema.Union(Schema.Struct({ a: big }), Schema.String)
    })
    const value = {
      list: [{ at: [1n, 2n] }, { at: [] }],
      pair: [3n, "x"],
      record: { k: 4n },
      either: { a: 5n }
    } as const
    deepStrictEqual<unknown>(throughText(nested, value), value)
    deepStrictEqual(Schema.encodeSync(Json.codec(nested))(value).list, [{ at: ["1", "2"] }, { at: [] }])
  })

  it("reads a field that JSON drops for being undefined as undefined", () => {
    const maybe = Schema.Struct({ at: Schema.UndefinedOr(Schema.Struct({ seconds: big })), name: Schema.String })
    const read = Schema.decodeUnknownSync(Json.codec(maybe))
    deepStrictEqual(read(JSON.parse(JSON.stringify({ at: undefined, name: "x" }))).at, undefined)
    deepStrictEqual(read(JSON.parse('{"at":{"seconds":"1"},"name":"x"}')).at, { seconds: 1n })
  })

  it("still wants the fields that are not optional", () =>
    assertTrue(
      Either.isLeft(Schema.decodeUnknownEither(Json.codec(Schema.Struct({ seconds: big })))(JSON.parse("{}")))
    ))

  it("checks what the schema checks", () => {
    const even = Schema.Struct({ n: big.pipe(Schema.filter((n) => n % 2n === 0n)) })
    const decode = Schema.decodeUnknownEither(Json.codec(even))
    assertTrue(Either.isRight(decode({ n: "2" })))
    assertTrue(Either.isLeft(decode({ n: "3" })))
  })
})
