import { type BigDecimal, Either, Equal, type FastCheck, Hash, ParseResult, Schema, type SchemaAST } from "effect"
import { CurrencyCode, isCurrencyCode, minorUnitDigits } from "./Currency.ts"

const nanosPerUnit = 1_000_000_000n
const int64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n }

/**
 * An exact amount of one currency: whole `units` and `nanos` billionths of one, never of different signs.
 *
 * Only {@link make} and the operations below build one, so every `Money` is valid. Equal amounts are `Equal`.
 */
export interface Money<out C extends CurrencyCode = CurrencyCode> extends Equal.Equal {
  readonly currencyCode: C
  /** int64. */
  readonly units: bigint
  /** -999,999,999 to 999,999,999. */
  readonly nanos: number
}

/** The parts do not make an amount; `reason` says which rule they break. */
export class InvalidMoney extends Schema.TaggedError<InvalidMoney>()("InvalidMoney", { reason: Schema.String }) {}

/** The result has more whole units than an int64 holds. */
export class AmountOutOfRange extends Schema.TaggedError<AmountOutOfRange>()("AmountOutOfRange", {
  currencyCode: CurrencyCode
}) {}

/** Two amounts that cannot be added or compared. */
export class CurrencyMismatch extends Schema.TaggedError<CurrencyMismatch>()("CurrencyMismatch", {
  left: CurrencyCode,
  right: CurrencyCode
}) {}

/** Builds an amount from its parts, or says which rule they break. */
export const make = <C extends CurrencyCode>(
  currencyCode: C,
  units: bigint,
  nanos: number
): Either.Either<Money<C>, InvalidMoney> => {
  const reason = refusal(currencyCode, units, nanos)
  return reason === undefined
    ? Either.right(new Amount(currencyCode, units, nanos))
    : Either.left(new InvalidMoney({ reason }))
}

/** No money at all. */
export const zero = <C extends CurrencyCode>(currencyCode: C): Money<C> => new Amount(currencyCode, 0n, 0)

/** The amount in billionths of a unit. */
export const toNanos = (self: Money): bigint => self.units * nanosPerUnit + BigInt(self.nanos)

/** The amount of that many billionths of a unit. */
export const fromNanos = <C extends CurrencyCode>(
  currencyCode: C,
  total: bigint
): Either.Either<Money<C>, AmountOutOfRange> => {
  const units = total / nanosPerUnit
  return units < int64.min || units > int64.max
    ? Either.left(new AmountOutOfRange({ currencyCode }))
    : Either.right(new Amount(currencyCode, units, Number(total % nanosPerUnit)))
}

/** Whether it is nothing. */
export const isZero = (self: Money): boolean => self.units === 0n && self.nanos === 0

/** Whether it is less than nothing. */
export const isNegative = (self: Money): boolean => self.units < 0n || self.nanos < 0

/** The exact sum. Two currencies that the types know to differ do not compile; two that they do not know may mismatch. */
export const add = <A extends CurrencyCode, B extends CurrencyCode>(
  self: Money<A>,
  that: [A & B] extends [never] ? never : Money<B>
): Either.Either<Money<A & B>, AmountOutOfRange | MismatchOf<A, B>> => {
  const [left, right]: [Money, Money] = [self, that]
  const result: Either.Either<Money, AmountOutOfRange | CurrencyMismatch> =
    left.currencyCode === right.currencyCode
      ? fromNanos(left.currencyCode, toNanos(left) + toNanos(right))
      : Either.left(new CurrencyMismatch({ left: left.currencyCode, right: right.currencyCode }))
  return result as Either.Either<Money<A & B>, AmountOutOfRange | MismatchOf<A, B>>
}

type IsUnion<T, Each = T> = Each extends unknown ? ([T] extends [Each] ? false : true) : never

/** `CurrencyMismatch` where the types leave room for one. */
export type MismatchOf<A, B> = true extends IsUnion<A | B> ? CurrencyMismatch : never

/** The exact sum of many amounts of one currency; zero of it when there are none. */
export const sum = <C extends CurrencyCode>(
  currencyCode: C,
  amounts: Iterable<Money>
): Either.Either<Money<C>, AmountOutOfRange | CurrencyMismatch> => {
  let total = 0n
  for (const amount of amounts) {
    if (amount.currencyCode !== currencyCode) {
      return Either.left(new CurrencyMismatch({ left: currencyCode, right: amount.currencyCode }))
    }
    total += toNanos(amount)
  }
  return fromNanos(currencyCode, total)
}

/** That many times the amount; `times` is an integer. */
export const multiply = <C extends CurrencyCode>(
  self: Money<C>,
  times: number
): Either.Either<Money<C>, AmountOutOfRange> => fromNanos(self.currencyCode, toNanos(self) * BigInt(times))

/** How finely an exchange rounds: to the billionth of a unit, or to what can be paid. */
export type Precision = "nano" | "minor-unit"

/** What each of two currencies is worth in a third one, as a daily table quotes them: units of it per one of the third, positive. */
export interface Quotes {
  readonly from: BigDecimal.BigDecimal
  readonly to: BigDecimal.BigDecimal
}

/** The amount in another currency, by exact rational arithmetic and one rounding, half to even. */
export const exchange = <C extends CurrencyCode>(
  self: Money,
  to: C,
  quotes: Quotes,
  precision: Precision = "nano"
): Either.Either<Money<C>, AmountOutOfRange> => {
  const shift = quotes.from.scale - quotes.to.scale
  const numerator = toNanos(self) * quotes.to.value * 10n ** BigInt(Math.max(shift, 0))
  const denominator = quotes.from.value * 10n ** BigInt(Math.max(-shift, 0))
  const step = precision === "nano" ? 1n : nanosPerMinorUnit(to)
  return fromNanos(to, divideHalfEven(numerator, denominator * step) * step)
}

/** The nearest amount that can be paid: a whole number of minor units, half to even. */
export const roundToMinorUnit = <C extends CurrencyCode>(self: Money<C>): Either.Either<Money<C>, AmountOutOfRange> => {
  const step = nanosPerMinorUnit(self.currencyCode)
  return fromNanos(self.currencyCode, divideHalfEven(toNanos(self), step) * step)
}

/** Whether it is a whole number of the currency's smallest coin. */
export const isPayable = (self: Money): boolean => toNanos(self) % nanosPerMinorUnit(self.currencyCode) === 0n

/**
 * Shares a payable amount out by weights, in whole minor units and to the last one: what rounding down leaves goes, one
 * coin each, to those with the largest remainder, the earlier first.
 *
 * `weights` are non-negative integers, not all zero.
 */
export const allocate = <C extends CurrencyCode>(
  self: Money<C>,
  weights: ReadonlyArray<number>
): Either.Either<ReadonlyArray<Money<C>>, InvalidMoney | AmountOutOfRange> => {
  if (!weights.every((weight) => Number.isInteger(weight) && weight >= 0) || !weights.some((weight) => weight > 0)) {
    return Either.left(new InvalidMoney({ reason: "weights must be non-negative integers and not all zero" }))
  }
  if (!isPayable(self)) return Either.left(new InvalidMoney({ reason: "only whole minor units can be shared out" }))
  const step = nanosPerMinorUnit(self.currencyCode)
  const whole = weights.reduce((sum, weight) => sum + BigInt(weight), 0n)
  const coins = toNanos(self) / step
  const sign = coins < 0n ? -1n : 1n
  const shares = weights.map((weight, index) => {
    const exact = coins * sign * BigInt(weight)
    return { index, coins: exact / whole, remainder: exact % whole }
  })
  const left = Number(coins * sign - shares.reduce((sum, share) => sum + share.coins, 0n))
  const luckiest = [...shares].sort((a, b) => Number(b.remainder > a.remainder) - Number(b.remainder < a.remainder))
  for (const share of luckiest.slice(0, left)) share.coins += 1n
  return Either.all(shares.map((share) => fromNanos(self.currencyCode, share.coins * sign * step)))
}

/** As a person of that locale writes it, rounded to the minor unit: "$19.99", "¥2,235", "19,99 €". */
export const format = (self: Money, locale = "en-US"): string => {
  const digits = minorUnitDigits(self.currencyCode)
  const coins = divideHalfEven(toNanos(self), nanosPerMinorUnit(self.currencyCode))
  return formatter(locale, self.currencyCode, digits).format(decimal(coins, digits))
}

/** The amount as a plain decimal number, rounded to the minor unit: "19.99", "2235". */
export const toDecimal = (self: Money): string =>
  decimal(divideHalfEven(toNanos(self), nanosPerMinorUnit(self.currencyCode)), minorUnitDigits(self.currencyCode))

/** The amount that a plain decimal number of at most nine places stands for. */
export const fromDecimal = <C extends CurrencyCode>(
  currencyCode: C,
  text: string
): Either.Either<Money<C>, InvalidMoney | AmountOutOfRange> => {
  const [, sign = "", units = "", fraction = ""] = /^(-?)(\d{1,19})(?:\.(\d{1,9}))?$/.exec(text) ?? []
  return units === ""
    ? Either.left(new InvalidMoney({ reason: "not a decimal number" }))
    : fromNanos(currencyCode, BigInt(`${sign}${units}${fraction.padEnd(9, "0")}`))
}

/**
 * The amount as a message carries it: units as a bigint. The codec of every wire message; `Json.codec` makes the one with
 * units as a decimal string.
 */
export const FromWire: Schema.Schema<Money, { currencyCode: string; units: bigint; nanos: number }> =
  Schema.transformOrFail(
    Schema.Struct({ currencyCode: Schema.String, units: Schema.BigIntFromSelf, nanos: Schema.Number }),
    Schema.declare((input): input is Money => input instanceof Amount, {
      identifier: "Money",
      arbitrary: () => (fc) => arbitraryParts(fc).map(([code, nanos]) => Either.getOrThrow(fromNanos(code, nanos)))
    }),
    {
      strict: true,
      decode: ({ currencyCode, nanos, units }, _options, ast) => parse(currencyCode, units, nanos, ast),
      encode: ({ currencyCode, nanos, units }) => Either.right({ currencyCode, nanos, units })
    }
  )

/** An amount of one known currency, not negative and payable: a price. */
export const PriceIn = <C extends CurrencyCode>(code: C) =>
  FromWire.pipe(
    Schema.filter((money): money is Money<C> => money.currencyCode === code && !isNegative(money) && isPayable(money), {
      identifier: `PriceIn${code}`,
      message: () => `not a price in ${code}`,
      arbitrary: () => (fc) =>
        fc
          .integer({ min: 0, max: 100_000_000 })
          .map((coins) => Either.getOrThrow(fromNanos(code, BigInt(coins) * nanosPerMinorUnit(code))))
    })
  )

class Amount<C extends CurrencyCode> implements Money<C> {
  readonly currencyCode: C
  readonly units: bigint
  readonly nanos: number
  constructor(currencyCode: C, units: bigint, nanos: number) {
    this.currencyCode = currencyCode
    this.units = units
    this.nanos = nanos
  }
  [Equal.symbol](that: unknown): boolean {
    return that instanceof Amount && that.currencyCode === this.currencyCode && toNanos(that) === toNanos(this)
  }
  [Hash.symbol](): number {
    return Hash.combine(Hash.string(this.currencyCode))(Hash.hash(toNanos(this)))
  }
}

const refusal = (currencyCode: string, units: bigint, nanos: number): string | undefined => {
  if (!isCurrencyCode(currencyCode)) return "not an ISO 4217 currency code"
  if (units < int64.min || units > int64.max) return "units beyond int64"
  if (!Number.isInteger(nanos) || Math.abs(nanos) >= 1e9) return "nanos must be an integer below a whole unit"
  if ((units > 0n && nanos < 0) || (units < 0n && nanos > 0)) return "units and nanos have different signs"
  return undefined
}

const parse = (currencyCode: string, units: bigint, nanos: number, ast: SchemaAST.AST) =>
  isCurrencyCode(currencyCode)
    ? Either.mapLeft(make(currencyCode, units, nanos), ({ reason }) => new ParseResult.Type(ast, undefined, reason))
    : Either.left(
        new ParseResult.Pointer(
          "currencyCode",
          currencyCode,
          new ParseResult.Type(ast, undefined, "not an ISO 4217 currency code")
        )
      )

/** `numerator / denominator` to the nearest integer, halves to the even one; the denominator is positive. */
const divideHalfEven = (numerator: bigint, denominator: bigint): bigint => {
  const quotient = numerator / denominator
  const remainder = numerator % denominator
  const twice = (remainder < 0n ? -remainder : remainder) * 2n
  const away = twice > denominator || (twice === denominator && quotient % 2n !== 0n)
  return away ? quotient + (numerator < 0n ? -1n : 1n) : quotient
}

const nanosPerMinorUnit = (code: CurrencyCode): bigint => 10n ** BigInt(9 - minorUnitDigits(code))

/** Coins as a decimal text, which Intl formats without going through a binary float. */
const decimal = (coins: bigint, digits: number): `${number}` => {
  const sign = coins < 0n ? "-" : ""
  const text = (coins < 0n ? -coins : coins).toString().padStart(digits + 1, "0")
  const point = text.length - digits
  return `${sign}${text.slice(0, point)}${digits === 0 ? "" : "."}${text.slice(point)}` as `${number}`
}

const formatters = new Map<string, Intl.NumberFormat>()

const formatter = (locale: string, currency: CurrencyCode, digits: number): Intl.NumberFormat => {
  const key = `${locale} ${currency}`
  const known = formatters.get(key)
  if (known !== undefined) return known
  const made = new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits
  })
  formatters.set(key, made)
  return made
}

const arbitraryParts = (fc: typeof FastCheck) =>
  fc.tuple(
    fc.constantFrom<CurrencyCode>("USD", "EUR", "JPY", "KWD", "CLF", "GBP", "TRY"),
    fc.bigInt({ min: int64.min * nanosPerUnit, max: int64.max * nanosPerUnit })
  )
