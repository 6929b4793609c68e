import { Arbitrary, Either, FastCheck } from "effect"
import { CurrencyCode } from "../src/Currency.ts"
import * as Money from "../src/Money.ts"

/** An amount from its parts, which a test knows to be right. */
export const money = <C extends CurrencyCode>(code: C, units: bigint, nanos = 0): Money.Money<C> =>
  Either.getOrThrow(Money.make(code, units, nanos))

export const int64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n }

/** Any currency of ISO 4217. */
export const currency = Arbitrary.make(CurrencyCode)

/** Billionths of amounts that can be added a thousand times over and stay in an int64. */
export const nanos = FastCheck.bigInt({ min: -(10n ** 24n), max: 10n ** 24n })

/** Such amounts of one currency. */
export const dollars = nanos.map((total) => Either.getOrThrow(Money.fromNanos("USD", total)))

/** Any amount at all. */
export const anyMoney = Arbitrary.make(Money.FromWire)

/** Payable amounts of any currency, up to a billion coins. */
export const payable = FastCheck.tuple(currency, FastCheck.integer({ min: -1_000_000_000, max: 1_000_000_000 })).map(
  ([code, coins]) => Either.getOrThrow(Money.fromNanos(code, BigInt(coins) * coinOf(code)))
)

/** The smallest coin in billionths, found by asking, not by the table that the code under test has. */
export const coinOf = (code: CurrencyCode): bigint => {
  for (let coin = 1n; coin <= 1_000_000_000n; coin *= 10n) {
    if (Money.isPayable(Either.getOrThrow(Money.fromNanos(code, coin)))) return coin
  }
  throw new Error(`no coin of ${code}`)
}
