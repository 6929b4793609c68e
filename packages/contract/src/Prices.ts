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
export const inCurrency = (
  currency: Converter,
  code: CurrencyCode,
  prices: ReadonlyArray<Money.Money>
): Effect.Effect<ReadonlyArray<Money.Money>, UnsupportedCurrency | AmountTooLarge | CallError> =>
  prices.every((price) => price.currencyCode === code)
    ? Effect.succeed(prices)
    : Effect.flatMap(currency.convertBatch({ from: prices, toCode: code, toMinorUnit: true }), ({ converted }) =>
        converted.length === prices.length
          ? Effect.succeed(converted)
          : Effect.dieMessage("the currency service answered another number of amounts than it was asked")
      )
