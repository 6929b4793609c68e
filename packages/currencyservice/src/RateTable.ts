import type { CurrencyCode } from "@retro/domain/Currency"
import type { Quotes } from "@retro/domain/Money"
import { BigDecimal, Data, Either, Schema } from "effect"

/** A calendar day in Frankfurt: "2026-10-02". */
export const Day = Schema.String.pipe(
  Schema.filter((text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && isDay(text), { message: () => "not a day" })
)

/** What one euro was worth on a day, in every currency that there is a rate for. */
export interface RateTable {
  /** The day the rates are of: "2026-10-02". */
  readonly date: string
  /** Units of each currency per euro, all positive; the euro itself is 1. */
  readonly perEuro: ReadonlyMap<CurrencyCode, BigDecimal.BigDecimal>
  /** The currencies of {@link perEuro} in alphabetical order. */
  readonly codes: ReadonlyArray<CurrencyCode>
}

/** The rules that a table can break. */
export type Refusal =
  | "too-large"
  | "not-xml"
  | "not-the-format"
  | "duplicate"
  | "no-us-dollar"
  | "from-the-future"
  | "older"
  | "absurd-change"
  | "currencies-missing"

/** A table that must not be used: `reason` is the rule it breaks, `at` the field or the currencies, empty for the whole. */
export class RatesRefused extends Data.TaggedError("RatesRefused")<{ readonly reason: Refusal; readonly at: string }> {}

/** Builds a table from the quotes of a day, with the euro added. Prices are in US dollars, so a table without them is none. */
export const make = (
  date: string,
  quotes: Iterable<readonly [CurrencyCode, BigDecimal.BigDecimal]>
): Either.Either<RateTable, RatesRefused> => {
  const perEuro = new Map<CurrencyCode, BigDecimal.BigDecimal>([["EUR", one]])
  for (const [code, rate] of quotes) {
    if (perEuro.has(code)) return Either.left(new RatesRefused({ reason: "duplicate", at: code }))
    perEuro.set(code, rate)
  }
  return perEuro.has("USD")
    ? Either.right({ date, perEuro, codes: [...perEuro.keys()].sort() })
    : Either.left(new RatesRefused({ reason: "no-us-dollar", at: "USD" }))
}

/** The two quotes that an exchange needs, or the code that the table has none for. */
export const quotes = (self: RateTable, from: CurrencyCode, to: CurrencyCode): Either.Either<Quotes, CurrencyCode> => {
  const [fromQuote, toQuote] = [self.perEuro.get(from), self.perEuro.get(to)]
  if (fromQuote === undefined) return Either.left(from)
  return toQuote === undefined ? Either.left(to) : Either.right({ from: fromQuote, to: toQuote })
}

/**
 * The newer of two tables, unless it cannot be true: dated after `today` or before the table it would replace, without
 * more than {@link mostMissing} of its currencies, or with a rate that moved by more than half. Against a table more than a
 * year old nothing can be said about a move.
 */
export const succeed = (self: RateTable, next: RateTable, today: string): Either.Either<RateTable, RatesRefused> => {
  if (next.date > today) return Either.left(new RatesRefused({ reason: "from-the-future", at: next.date }))
  if (next.date < self.date) return Either.left(new RatesRefused({ reason: "older", at: next.date }))
  const missing = self.codes.filter((code) => !next.perEuro.has(code))
  if (missing.length > mostMissing) {
    return Either.left(new RatesRefused({ reason: "currencies-missing", at: missing.join(", ") }))
  }
  const absurd =
    daysBetween(self.date, next.date) > 366 ? undefined : next.codes.find((code) => moved(self, next, code))
  return absurd === undefined
    ? Either.right(next)
    : Either.left(new RatesRefused({ reason: "absurd-change", at: absurd }))
}

/** How many currencies one table may lose: one suspended, one that joins the euro, and one more. A cut file loses more. */
export const mostMissing = 3

/** How many days the second day is after the first. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((new Date(to).getTime() - new Date(from).getTime()) / 86_400_000)

const one = BigDecimal.make(1n, 0)
const two = BigDecimal.make(2n, 0)

const isDay = (text: string): boolean => {
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

const moved = (self: RateTable, next: RateTable, code: CurrencyCode): boolean => {
  const [before, after] = [self.perEuro.get(code), next.perEuro.get(code)]
  if (before === undefined || after === undefined) return false
  const change = BigDecimal.abs(BigDecimal.subtract(after, before))
  return BigDecimal.greaterThan(BigDecimal.multiply(change, two), before)
}
