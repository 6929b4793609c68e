import { describe, it } from "@effect/vitest"
import { assertLeft, assertRight, assertTrue, deepStrictEqual, strictEqual } from "@effect/vitest/utils"
import { Either, FastCheck } from "effect"
import * as Money from "../src/Money.ts"
import { coinOf, money, payable } from "./amounts.ts"

const weights = FastCheck.array(FastCheck.nat(1_000_000), { minLength: 1, maxLength: 20 }).filter((all) =>
  all.some((weight) => weight > 0)
)

const coins = (amount: Money.Money) => Money.toNanos(amount) / coinOf(amount.currencyCode)
const abs = (n: bigint) => (n < 0n ? -n : n)
const share = (amount: Money.Money, by: ReadonlyArray<number>) => Either.getOrThrow(Money.allocate(amount, by))

describe("sharing out", () => {
  it.prop("gives everything away, to the last coin", [payable, weights], ([amount, by]) =>
    assertRight(Money.sum(amount.currencyCode, share(amount, by)), amount)
  )

  it.prop(
    "gives each one what is due to within a coin, and nothing to a weight of zero",
    [payable, weights],
    ([a, by]) => {
      const whole = BigInt(by.reduce((sum, weight) => sum + weight, 0))
      share(a, by).forEach((part, index) => {
        const weight = BigInt(by[index] ?? 0)
        assertTrue(Money.isPayable(part))
        assertTrue(abs(coins(part) * whole - coins(a) * weight) < whole)
        if (weight === 0n) assertTrue(Money.isZero(part))
      })
    }
  )

  it.prop("gives the coins left over to the largest remainders", [payable, weights], ([amount, by]) => {
    const whole = BigInt(by.reduce((sum, weight) => sum + weight, 0))
    const rests = share(amount, by).map((part, index) => {
      const exact = abs(coins(amount)) * BigInt(by[index] ?? 0)
      return { rest: exact % whole, extra: abs(coins(part)) - exact / whole }
    })
    const lucky = rests.filter(({ extra }) => extra === 1n).map(({ rest }) => rest)
    const unlucky = rests.filter(({ extra }) => extra === 0n).map(({ rest }) => rest)
    strictEqual(lucky.length + unlucky.length, rests.length)
    assertTrue(lucky.every((more) => unlucky.every((less) => more >= less)))
  })

  it.prop("shares out a debt like the same amount of credit", [payable, weights], ([amount, by]) =>
    deepStrictEqual(
      share(Either.getOrThrow(Money.multiply(amount, -1)), by).map(coins),
      share(amount, by).map((part) => -coins(part))
    )
  )

  it("gives the coin to the earlier of equals", () =>
    deepStrictEqual(share(money("USD", 1n), [1, 1, 1]).map(coins), [34n, 33n, 33n]))

  it("shares out whole yen and thousandths of a dinar", () => {
    deepStrictEqual(share(money("JPY", 100n), [1, 1, 1]).map(coins), [34n, 33n, 33n])
    deepStrictEqual(share(money("BHD", 1n), [1, 1, 1]).map(coins), [334n, 333n, 333n])
  })

  it.each([
    ["none", []],
    ["only zero", [0, 0]],
    ["one below zero", [2, -1]],
    ["a fraction", [0.5, 1]],
    ["no number", [NaN]],
    ["no end", [Infinity, 1]]
  ])("refuses weights: %s", (_what, by) =>
    assertLeft(
      Money.allocate(money("USD", 1n), by),
      new Money.InvalidMoney({ reason: "weights must be non-negative integers and not all zero" })
    )
  )

  it("refuses to share out parts of a coin", () =>
    assertLeft(
      Money.allocate(money("JPY", 0n, 500_000_000), [1]),
      new Money.InvalidMoney({ reason: "only whole minor units can be shared out" })
    ))
})
