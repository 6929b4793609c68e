import type { CurrencyCode } from "@retro/domain/Currency"
import type * as Money from "@retro/domain/Money"
import { Array, Effect, Exit, Request, RequestResolver } from "effect"
import type { CallError } from "./Contract.ts"
import type { AmountTooLarge, CurrencyService, UnsupportedCurrency } from "./CurrencyService.ts"

/** What converts prices: of the currency service, its batch. */
export type Converter = Pick<typeof CurrencyService.Service, "convertBatch">

/** Why a price has no counterpart in another currency. */
export type PriceError = UnsupportedCurrency | AmountTooLarge | CallError

/** One price wanted in one currency, rounded once to what can be paid in it. */
class Conversion extends Request.TaggedClass("Conversion")<
  Money.Money,
  PriceError,
  { readonly price: Money.Money; readonly toCode: CurrencyCode }
> {}

/**
 * A price in a shopper's currency, rounded once to what can be paid in it. What is asked for at the same time, wherever in
 * a page, goes out as one call for each currency; what is in that currency already is not asked for.
 */
export const convert = (
  converter: Converter,
  code: CurrencyCode,
  price: Money.Money
): Effect.Effect<Money.Money, PriceError> =>
  price.currencyCode === code
    ? Effect.succeed(price)
    : Effect.request(new Conversion({ price, toCode: code }), resolverOf(converter))

/**
 * Prices in a shopper's currency, in the order they came, by one call at most. A list is one call as it is: asking for each
 * of its prices by {@link convert} would cost a page of 36 games 40 times what the conversion does.
 */
export const inCurrency = <const P extends ReadonlyArray<Money.Money>>(
  converter: Converter,
  code: CurrencyCode,
  prices: P
): Effect.Effect<InCurrency<P>, PriceError> => {
  const wanted = distinct(prices.filter(({ currencyCode }) => currencyCode !== code))
  const converted: Effect.Effect<ReadonlyArray<Money.Money>, PriceError> = wanted.size === 0
    ? Effect.succeed(prices)
    : Effect.flatMap(ask(converter, code, wanted), (amounts) => {
        const found = prices.flatMap((price) =>
          price.currencyCode === code ? price : (amounts.get(keyOf(price)) ?? [])
        )
        return found.length === prices.length ? Effect.succeed(found) : miscounted
      })
  return converted as Effect.Effect<any, PriceError>
}

/** As many prices, in the same places. */
export type InCurrency<P extends ReadonlyArray<Money.Money>> = { readonly [K in keyof P]: Money.Money }

const resolvers = new WeakMap<Converter, RequestResolver.RequestResolver<Conversion>>()

/** The resolver of a converter: one for all its calls, since only requests to the same one travel together. */
const resolverOf = (converter: Converter): RequestResolver.RequestResolver<Conversion> => {
  const known = resolvers.get(converter)
  if (known !== undefined) return known
  const resolver = RequestResolver.makeBatched((wanted: Array.NonEmptyArray<Conversion>) =>
    Effect.forEach(Object.values(Array.groupBy(wanted, ({ toCode }) => toCode)), (group) => answer(converter, group), {
      discard: true
    })
  )
  resolvers.set(converter, resolver)
  return resolver
}

/** One call for conversions into one currency. */
const answer = (converter: Converter, wanted: Array.NonEmptyArray<Conversion>) =>
  ask(converter, wanted[0].toCode, distinct(wanted.map(({ price }) => price))).pipe(
    Effect.matchCauseEffect({
      onFailure: (cause) => Effect.forEach(wanted, (each) => Request.failCause(each, cause), { discard: true }),
      onSuccess: (amounts) =>
        Effect.forEach(
          wanted,
          (each) => {
            const amount = amounts.get(keyOf(each.price))
            return amount === undefined ? Request.complete(each, miscounted) : Request.succeed(each, amount)
          },
          { discard: true }
        )
    })
  )

/** Amounts by what they are the counterparts of: {@link keyOf}. */
const ask = (converter: Converter, toCode: CurrencyCode, wanted: ReadonlyMap<string, Money.Money>) =>
  Effect.map(
    converter.convertBatch({ from: [...wanted.values()], toCode, toMinorUnit: true }),
    ({ converted }) => new Map(Array.zip([...wanted.keys()], converted))
  )

/** An amount that is wanted twice is asked for once. */
const distinct = (prices: ReadonlyArray<Money.Money>): ReadonlyMap<string, Money.Money> =>
  new Map(prices.map((price) => [keyOf(price), price]))

/** The same for equal amounts, and for no others. */
const keyOf = ({ currencyCode, nanos, units }: Money.Money): string => `${currencyCode}${units}.${nanos}`

const miscounted = Exit.die("the currency service answered fewer amounts than it was asked")
