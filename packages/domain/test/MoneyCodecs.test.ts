import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual, strictEqual } from "@effect/vitest/utils"
import { Either, ParseResult, Schema } from "effect"
import * as Json from "../src/Json.ts"
import * as Money from "../src/Money.ts"
import { anyMoney, money } from "./amounts.ts"

const wire = { encode: Schema.encodeSync(Money.FromWire), decode: Schema.decodeUnknownEither(Money.FromWire) }
const jsonCodec = Json.codec(Money.FromWire)
const json = { encode: Schema.encodeSync(jsonCodec), decode: Schema.decodeUnknownEither(jsonCodec) }
const dollarPrice = Schema.decodeUnknownEither(Json.codec(Money.PriceIn("USD")))

const right = (amount: Money.Money) => Either.right(amount)

describe("through a message", () => {
  it.prop("every amount comes back", [anyMoney], ([amount]) =>
    assertEquals<Either.Either<Money.Money, unknown>>(wire.decode(wire.encode(amount)), right(amount))
  )

  it.each([
    ["mixed signs", { currencyCode: "USD", units: 1n, nanos: -1 }],
    ["a whole unit of nanos", { currencyCode: "USD", units: 0n, nanos: 1e9 }],
    ["an unknown currency", { currencyCode: "DOGE", units: 1n, nanos: 0 }],
    ["an empty currency, as a message without one", { currencyCode: "", units: 0n, nanos: 0 }],
    ["beyond int64", { currencyCode: "USD", units: 2n ** 63n, nanos: 0 }],
    ["units as a number", { currencyCode: "USD", units: 1, nanos: 0 }],
    ["no amount", undefined]
  ])("refuses %s", (_what, message) => assertTrue(Either.isLeft(wire.decode(message))))

  it("names the currency when that is what is wrong", () => {
    const refused = Either.flip(wire.decode({ currencyCode: "DOGE", units: 1n, nanos: 0 }))
    const issues = ParseResult.ArrayFormatter.formatErrorSync(Either.getOrThrow(refused))
    deepStrictEqual(
      issues.map(({ path }) => path),
      [["currencyCode"]]
    )
  })
})

describe("through JSON", () => {
  it.prop("every amount comes back, as text and all", [anyMoney], ([amount]) =>
    assertEquals<Either.Either<Money.Money, unknown>>(
      json.decode(JSON.parse(JSON.stringify(json.encode(amount)))),
      right(amount)
    )
  )

  it("units above 2⁵³ keep every digit", () => {
    const much = money("USD", 9_007_199_254_740_993n, 1)
    deepStrictEqual(json.encode(much), { currencyCode: "USD", units: "9007199254740993", nanos: 1 })
    assertEquals<Either.Either<Money.Money, unknown>>(json.decode(json.encode(much)), right(much))
  })

  it.each([
    ["units as a number", { currencyCode: "USD", units: 1, nanos: 0 }],
    ["units with a point", { currencyCode: "USD", units: "1.5", nanos: 0 }],
    ["units in hexadecimal", { currencyCode: "USD", units: "0x10", nanos: 0 }],
    ["empty units", { currencyCode: "USD", units: "", nanos: 0 }],
    ["beyond int64", { currencyCode: "USD", units: "9223372036854775808", nanos: 0 }],
    ["a million digits", { currencyCode: "USD", units: "9".repeat(1_000_000), nanos: 0 }],
    ["mixed signs", { currencyCode: "USD", units: "-1", nanos: 1 }],
    ["an unknown currency", { currencyCode: "usd", units: "1", nanos: 0 }]
  ])("refuses %s", (_what, value) => assertTrue(Either.isLeft(json.decode(value))))
})

describe("a price", () => {
  it("is a payable amount of its currency, not below nothing", () =>
    assertEquals<Either.Either<Money.Money, unknown>>(
      dollarPrice({ currencyCode: "USD", units: "19", nanos: 990_000_000 }),
      right(money("USD", 19n, 990_000_000))
    ))

  it.each([
    ["another currency", { currencyCode: "EUR", units: "19", nanos: 0 }],
    ["less than nothing", { currencyCode: "USD", units: "-1", nanos: 0 }],
    ["half a cent", { currencyCode: "USD", units: "0", nanos: 5_000_000 }]
  ])("is not %s", (_what, value) => assertTrue(Either.isLeft(dollarPrice(value))))

  it.prop("is what its own arbitrary makes", [Money.PriceIn("JPY")], ([price]) => {
    strictEqual(price.currencyCode, "JPY")
    assertTrue(Money.isPayable(price) && !Money.isNegative(price))
  })
})
