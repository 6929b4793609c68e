import type { CurrencyCode } from "@retro/domain/Currency"
import type * as Money from "@retro/domain/Money"
import { Effect } from "effect"
import type { CallError } from "./Contract.ts"
import type { AmountTooLarge, CurrencyService, UnsupportedCurrency } from "./CurrencyService.ts"

/** What converts prices: of the currency service, its batch. */
export type Converter = Pick<typeof CurrencyService.Service, "convertBatch">

/**
 * Prices in a shopper's currency, in the order they came, each rounded once to what can be paid in it. One call for all
 * of them, and none when they are in that currency already.
 */
export const inCurrency = <const P extends ReadonlyArray<Money.Money>>(
  currency: Converter,
  code: CurrencyCode,
  prices: P
): Effect.Effect<InCurrency<P>, UnsupportedCurrency | AmountTooLarge | CallError> => {
  const converted: Effect.Effect<
    ReadonlyArray<Money.Money>,
    UnsupportedCurrency | AmountTooLarge | CallError
  > = prices.every((price) => price.currencyCode === code)
    ? Effect.succeed(prices)
    : Effect.map(currency.convertBatch({ from: prices, toCode: code, toMinorUnit: true }), (answer) => answer.converted)
  return Effect.filterOrDieMessage(
    converted,
    (amounts): amounts is ReadonlyArray<Money.Money> & InCurrency<P> => amounts.length === prices.length,
    "the currency service answered another number of amounts than it was asked"
  )
}

/** As many prices, in the same places. */
export type InCurrency<P extends ReadonlyArray<Money.Money>> = { readonly [K in keyof P]: Money.Money }
