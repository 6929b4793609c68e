import type { CurrencyCode } from "@retro/domain/Currency"
import type * as Money from "@retro/domain/Money"
import { Array, Effect, Equal, Exit, Request, RequestResolver } from "effect"
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

/** Prices in a shopper's currency, in the order they came, by one call at most. */
export const inCurrency = <const P extends ReadonlyArray<Money.Money>>(
  converter: Converter,
  code: CurrencyCode,
  prices: P
): Effect.Effect<InCurrency<P>, PriceError> => {
  const converted = Effect.forEach(Array.fromIterable(prices), (price) => convert(converter, code, price), {
    batching: true
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
    Effect.forEach(Object.values(Array.groupBy(wanted, ({ toCode }) => toCode)), (group) => ask(converter, group), {
      discard: true
    })
  )
  resolvers.set(converter, resolver)
  return resolver
}

/** One call for conversions into one currency; an amount that is wanted twice is asked for once. */
const ask = (converter: Converter, wanted: Array.NonEmptyArray<Conversion>) => {
  const from = Array.dedupeWith(
    wanted.map(({ price }) => price),
    Equal.equals
  )
  return converter.convertBatch({ from, toCode: wanted[0].toCode, toMinorUnit: true }).pipe(
    Effect.matchCauseEffect({
      onFailure: (cause) => Effect.forEach(wanted, (each) => Request.failCause(each, cause), { discard: true }),
      onSuccess: ({ converted }) =>
        Effect.forEach(
          wanted,
          (each) => {
            const amount = converted[from.findIndex((price) => Equal.equals(price, each.price))]
            return amount === undefined ? Request.complete(each, miscounted) : Request.succeed(each, amount)
          },
          { discard: true }
        )
    })
  )
}

const miscounted = Exit.die("the currency service answered fewer amounts than it was asked")
