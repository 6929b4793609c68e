import { describe, expectTypeOf, it } from "@effect/vitest"
import { assertEquals, assertFalse, assertLeft, assertRight, assertTrue, strictEqual } from "@effect/vitest/utils"
import { Either, Equal, FastCheck, Hash } from "effect"
import type { CurrencyCode } from "../src/Currency.ts"
import * as Money from "../src/Money.ts"
import { anyMoney, dollars, int64, money, nanos } from "./amounts.ts"

const reason = (code: string, units: bigint, nanos: number) =>
  Either.match(Money.make(code as CurrencyCode, units, nanos), {
    onLeft: (error) => error.reason,
    onRight: () => "an amount"
  })

describe("D9: an amount that is none", () => {
  it.each([
    ["mixed signs", "USD", 1n, -1, "units and nanos have different signs"],
    ["mixed signs the other way", "USD", -1n, 1, "units and nanos have different signs"],
    ["a whole unit of nanos", "USD", 0n, 1e9, "nanos must be an integer below a whole unit"],
    ["a whole negative unit of nanos", "USD", 0n, -1e9, "nanos must be an integer below a whole unit"],
    ["a fraction of a nano", "USD", 0n, 0.5, "nanos must be an integer below a whole unit"],
    ["nanos that are no number", "USD", 0n, NaN, "nanos must be an integer below a whole unit"],
    ["endless nanos", "USD", 0n, Infinity, "nanos must be an integer below a whole unit"],
    ["an unknown currency", "XXX", 1n, 0, "not an ISO 4217 currency code"],
    ["no currency", "", 1n, 0, "not an ISO 4217 currency code"],
    ["small letters", "usd", 1n, 0, "not an ISO 4217 currency code"],
    ["a name every object has", "toString", 1n, 0, "not an ISO 4217 currency code"],
    ["more than an int64", "USD", int64.max + 1n, 0, "units beyond int64"],
    ["less than an int64", "USD", int64.min - 1n, 0, "units beyond int64"]
  ])("is refused: %s", (_what, code, units, nanos, expected) => strictEqual(reason(code, units, nanos), expected))

  it.each([
    [int64.max, 999_999_999],
    [int64.min, -999_999_999],
    [0n, -999_999_999],
    [-0n, 0]
  ])("is not what stays inside the bounds: %s units and %s nanos", (units, nanos) =>
    assertTrue(Either.isRight(Money.make("USD", units, nanos)))
  )
})

describe("an amount", () => {
  it.prop("is the same amount by its nanos", [anyMoney], ([amount]) =>
    assertRight(Money.fromNanos(amount.currencyCode, Money.toNanos(amount)), amount)
  )

  it.prop("equals and hashes like one of the same parts", [anyMoney], ([amount]) => {
    const same = money(amount.currencyCode, amount.units, amount.nanos)
    assertTrue(Equal.equals(same, amount))
    strictEqual(Hash.hash(same), Hash.hash(amount))
  })

  it("differs from the same number in another currency", () =>
    assertFalse(Equal.equals<Money.Money, Money.Money>(money("USD", 1n), money("EUR", 1n))))

  it.prop("is zero, negative or neither by its sign", [dollars], ([amount]) => {
    strictEqual(Money.isZero(amount), Money.toNanos(amount) === 0n)
    strictEqual(Money.isNegative(amount), Money.toNanos(amount) < 0n)
  })

  it.prop("never has parts of different signs", [nanos], ([total]) => {
    const amount = Either.getOrThrow(Money.fromNanos("USD", total))
    strictEqual(amount.units * 1_000_000_000n + BigInt(amount.nanos), total)
    assertTrue(Either.isRight(Money.make("USD", amount.units, amount.nanos)))
  })
})

describe("adding", () => {
  it.prop("does not mind the order", [dollars, dollars], ([a, b]) => assertEquals(Money.add(a, b), Money.add(b, a)))

  it.prop("does not mind the brackets", [dollars, dollars, dollars], ([a, b, c]) =>
    assertEquals(
      Either.flatMap(Money.add(a, b), (sum) => Money.add(sum, c)),
      Either.flatMap(Money.add(b, c), (sum) => Money.add(a, sum))
    )
  )

  it.prop("zero changes nothing", [dollars], ([a]) => assertRight(Money.add(a, Money.zero("USD")), a))

  it.prop("adds the nanos, exactly", [nanos, nanos], ([a, b]) =>
    assertEquals(
      Either.flatMap(Money.fromNanos("JPY", a), (left) =>
        Either.flatMap(Money.fromNanos("JPY", b), (right) => Money.add(left, right))
      ),
      Money.fromNanos("JPY", a + b)
    )
  )

  it("says so when the sum is beyond int64", () => {
    assertLeft(
      Money.add(money("USD", int64.max), money("USD", 1n)),
      new Money.AmountOutOfRange({ currencyCode: "USD" })
    )
    assertLeft(
      Money.add(money("USD", int64.min, -999_999_999), money("USD", 0n, -1)),
      new Money.AmountOutOfRange({ currencyCode: "USD" })
    )
  })

  it("says which two currencies do not add, where types cannot know", () => {
    const [left, right]: [Money.Money, Money.Money] = [money("USD", 1n), money("EUR", 1n)]
    assertLeft(Money.add(left, right), new Money.CurrencyMismatch({ left: "USD", right: "EUR" }))
  })

  it("does not compile for two currencies that types know to differ", () => {
    // @ts-expect-error: dollars and euros do not add
    Money.add(money("USD", 1n), money("EUR", 1n))
    const either: Money.Money<"USD" | "GBP"> = money("USD", 1n)
    // @ts-expect-error: nor does either of two with a third
    Money.add<"USD" | "GBP", "EUR">(either, money("EUR", 1n))
  })

  it("cannot mismatch where types know it to be one currency, and can where they do not", () => {
    const wide: Money.Money = money("USD", 2n)
    expectTypeOf(Money.add(money("USD", 1n), money("USD", 2n))).toEqualTypeOf<
      Either.Either<Money.Money<"USD">, Money.AmountOutOfRange>
    >()
    expectTypeOf(Money.add(money("USD", 1n), wide)).toEqualTypeOf<
      Either.Either<Money.Money<"USD">, Money.AmountOutOfRange | Money.CurrencyMismatch>
    >()
    assertRight(Money.add(money("USD", 1n), wide), money("USD", 3n))
  })
})

describe("summing", () => {
  it.prop("is adding one after the other", [FastCheck.array(dollars)], ([amounts]) =>
    assertEquals<Either.Either<Money.Money<"USD">, unknown>>(
      Money.sum("USD", amounts),
      amounts.reduce<Either.Either<Money.Money<"USD">, unknown>>(
        (total, amount) => Either.flatMap(total, (sum) => Money.add(sum, amount)),
        Either.right(Money.zero("USD"))
      )
    )
  )

  it("of nothing is nothing", () => assertRight(Money.sum("JPY", []), Money.zero("JPY")))

  it("may pass the bounds on the way when the total does not", () =>
    assertRight(
      Money.sum("USD", [money("USD", int64.max), money("USD", 1n), money("USD", -1n)]),
      money("USD", int64.max)
    ))

  it("says which currency is not the one that is summed", () =>
    assertLeft(
      Money.sum("USD", [money("USD", 1n), money("JPY", 1n)]),
      new Money.CurrencyMismatch({ left: "USD", right: "JPY" })
    ))
})

describe("multiplying", () => {
  it.prop("is adding that many times", [dollars, FastCheck.integer({ min: 0, max: 99 })], ([amount, times]) =>
    assertEquals<Either.Either<Money.Money, unknown>>(
      Money.multiply(amount, times),
      Money.sum(
        "USD",
        Array.from({ length: times }, () => amount)
      )
    )
  )

  it.prop("D9: by zero is nothing", [anyMoney], ([amount]) =>
    assertRight(Money.multiply(amount, 0), Money.zero(amount.currencyCode))
  )

  it.prop("by one changes nothing", [anyMoney], ([amount]) => assertRight(Money.multiply(amount, 1), amount))

  it("D8: by 4,294,967,295 is exact and takes no longer than by one", () =>
    assertRight(
      Money.multiply(money("USD", 19n, 990_000_000), 4_294_967_295),
      money("USD", 85_856_396_227n, 50_000_000)
    ))

  it("D8: never wraps: too much is said to be too much", () =>
    assertLeft(
      Money.multiply(money("JPY", 10_000_000_000n), 4_294_967_295),
      new Money.AmountOutOfRange({ currencyCode: "JPY" })
    ))
})
