import { describe, it } from "@effect/vitest"
import { assertEquals, assertLeft, assertRight, assertTrue, strictEqual } from "@effect/vitest/utils"
import { BigDecimal, Either, FastCheck } from "effect"
import * as Money from "../src/Money.ts"
import { coinOf, currency, int64, money, nanos, payable } from "./amounts.ts"

const quotes = (from: string, to: string): Money.Quotes => ({
  from: BigDecimal.unsafeFromString(from),
  to: BigDecimal.unsafeFromString(to)
})

/** A positive rate with up to six decimals, as a daily table prints it. */
const rate = FastCheck.tuple(FastCheck.bigInt({ min: 1n, max: 10n ** 10n }), FastCheck.integer({ min: 0, max: 6 })).map(
  ([value, scale]) => BigDecimal.make(value, scale)
)

/** Rounds a fraction to the nearest multiple of `step` by trying the two on either side of it: no code of ours. */
const oracle = (numerator: bigint, denominator: bigint, step: bigint): bigint => {
  const width = denominator * step
  let below = numerator / width
  if (below * width > numerator) below -= 1n
  const [toBelow, toAbove] = [numerator - below * width, (below + 1n) * width - numerator]
  const nearest = toBelow < toAbove || (toBelow === toAbove && below % 2n === 0n) ? below : below + 1n
  return nearest * step
}

const fraction = (total: bigint, { from, to }: Money.Quotes) => ({
  numerator: total * to.value * 10n ** BigInt(from.scale),
  denominator: from.value * 10n ** BigInt(to.scale)
})

describe("exchanging", () => {
  it.prop("is exact and rounds once, half to even, at the nano", [nanos, rate, rate], ([total, from, to]) => {
    const { denominator, numerator } = fraction(total, { from, to })
    assertEquals(
      Money.exchange(Either.getOrThrow(Money.fromNanos("USD", total)), "EUR", { from, to }),
      Money.fromNanos("EUR", oracle(numerator, denominator, 1n))
    )
  })

  it.prop("or at the minor unit of any currency", [nanos, rate, rate, currency], ([total, from, to, code]) => {
    const { denominator, numerator } = fraction(total, { from, to })
    assertEquals(
      Money.exchange(Either.getOrThrow(Money.fromNanos("USD", total)), code, { from, to }, "minor-unit"),
      Money.fromNanos(code, oracle(numerator, denominator, coinOf(code)))
    )
  })

  it.each([
    ["USD", 0n, 5_000_000, "USD", 0n, 0],
    ["USD", 0n, 15_000_000, "USD", 0n, 20_000_000],
    ["USD", 0n, 25_000_000, "USD", 0n, 20_000_000],
    ["USD", 0n, -15_000_000, "USD", 0n, -20_000_000],
    ["USD", 0n, -25_000_000, "USD", 0n, -20_000_000],
    ["USD", 0n, 25_000_001, "USD", 0n, 30_000_000],
    ["JPY", 2n, 500_000_000, "JPY", 2n, 0],
    ["JPY", 3n, 500_000_000, "JPY", 4n, 0]
  ] as const)("halves go to the even coin: %s %s.%s", (from, units, nanos, to, wholes, rest) =>
    assertRight(Money.exchange(money(from, units, nanos), to, quotes("1", "1"), "minor-unit"), money(to, wholes, rest))
  )

  it("D1: $19.99 keeps its whole units", () => {
    const price = money("USD", 19n, 990_000_000)
    assertRight(Money.exchange(price, "EUR", quotes("1.0956", "1"), "minor-unit"), money("EUR", 18n, 250_000_000))
    assertRight(Money.exchange(price, "JPY", quotes("1.0956", "122.49"), "minor-unit"), money("JPY", 2235n))
    assertRight(Money.exchange(price, "USD", quotes("1.0956", "1.0956")), price)
  })

  it.prop("D1: at a rate of one, every amount stays what it is", [nanos, rate], ([total, one]) => {
    const amount = Either.getOrThrow(Money.fromNanos("USD", total))
    assertRight(Money.exchange(amount, "USD", { from: one, to: one }), amount)
  })

  it.prop("there and back differs by the two roundings at most", [nanos, rate, rate], ([total, from, to]) => {
    const there = Money.exchange(Either.getOrThrow(Money.fromNanos("USD", total)), "EUR", { from, to })
    const back = Either.flatMap(there, (amount) => Money.exchange(amount, "USD", { from: to, to: from }))
    if (Either.isLeft(back)) return
    const { denominator, numerator } = fraction(1n, { from: to, to: from })
    const difference = Money.toNanos(back.right) - total
    assertTrue((difference < 0n ? -difference : difference) * 2n * denominator <= numerator + denominator)
  })

  it("reads a rate the same however many decimals it is written with", () => {
    const price = money("USD", 19n, 990_000_000)
    const plain = Money.exchange(price, "IDR", quotes("1.25", "18000"))
    assertEquals(Money.exchange(price, "IDR", quotes("1.2500", "18000.000")), plain)
    assertEquals(Money.exchange(price, "IDR", quotes("1.25", "18e3")), plain)
  })

  it("says so when the result is beyond int64", () =>
    assertLeft(
      Money.exchange(money("EUR", int64.max), "IDR", quotes("1", "18000")),
      new Money.AmountOutOfRange({ currencyCode: "IDR" })
    ))
})

describe("rounding to what can be paid", () => {
  it.prop("R12: is the nearest whole number of coins, half to even", [nanos, currency], ([total, code]) => {
    const rounded = Money.roundToMinorUnit(Either.getOrThrow(Money.fromNanos(code, total)))
    assertEquals(rounded, Money.fromNanos(code, oracle(total, 1n, coinOf(code))))
    assertTrue(Money.isPayable(Either.getOrThrow(rounded)))
  })

  it.prop("changes nothing that can be paid already", [payable], ([amount]) =>
    assertRight(Money.roundToMinorUnit(amount), amount)
  )

  it.each([
    ["USD", 10_000_000n],
    ["JPY", 1_000_000_000n],
    ["BHD", 1_000_000n],
    ["CLF", 100_000n]
  ] as const)("the coin of %s is %s billionths (ISO 4217)", (code, coin) => strictEqual(coinOf(code), coin))
})
