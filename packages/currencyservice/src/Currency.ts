import { AmountTooLarge, CurrencyService, UnsupportedCurrency } from "@retro/contract/CurrencyService"
import type { CurrencyCode } from "@retro/domain/Currency"
import * as Money from "@retro/domain/Money"
import { Effect, Either, Layer } from "effect"
import { Rates } from "./Rates.ts"
import * as RateTable from "./RateTable.ts"

/** Converts by the current table: exactly, and rounded once, half to even. */
export const layer: Layer.Layer<CurrencyService, never, Rates> = Layer.effect(
  CurrencyService,
  Effect.map(Rates, (rates) =>
    CurrencyService.of({
      getSupportedCurrencies: () => {
        const { codes, date } = rates.current()
        return Either.right({ currencyCodes: codes, ratesDate: date })
      },
      convert: ({ from, toCode }) => convert(rates.current(), from, toCode, "nano"),
      convertBatch: ({ from, toCode, toMinorUnit }) => {
        const table = rates.current()
        return Either.map(
          Either.all(from.map((money) => convert(table, money, toCode, toMinorUnit ? "minor-unit" : "nano"))),
          (converted) => ({ converted, ratesDate: table.date })
        )
      }
    })
  )
)

/** An amount in another currency; in its own it stays as it is, whether or not there is a rate. */
const convert = (
  table: RateTable.RateTable,
  from: Money.Money,
  toCode: CurrencyCode,
  precision: Money.Precision
): Either.Either<Money.Money, UnsupportedCurrency | AmountTooLarge> => {
  if (from.currencyCode === toCode) {
    return precision === "nano" ? Either.right(from) : Either.mapLeft(Money.roundToMinorUnit(from), tooLarge)
  }
  return Either.flatMap(
    Either.mapLeft(RateTable.quotes(table, from.currencyCode, toCode), (code) => new UnsupportedCurrency({ code })),
    (quotes) => Either.mapLeft(Money.exchange(from, toCode, quotes, precision), tooLarge)
  )
}

const tooLarge = ({ currencyCode }: Money.AmountOutOfRange) => new AmountTooLarge({ currencyCode })
