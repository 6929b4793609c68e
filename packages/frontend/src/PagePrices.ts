import * as Prices from "@retro/contract/Prices"
import type { UnsupportedCurrency } from "@retro/contract/CurrencyService"
import type { CurrencyCode } from "@retro/domain/Currency"
import type { Money } from "@retro/domain/Money"
import type { Product } from "@retro/domain/Product"
import { Effect } from "effect"
import * as Degradation from "./Degradation.ts"
import type { PricedProduct } from "./views/Models.ts"

/** Amounts in the shopper's currency, by one call at most; `null` when the rates are out of reach. */
export const inCurrency = (
  converter: Prices.Converter,
  code: CurrencyCode,
  amounts: ReadonlyArray<Money>,
  panel: "prices" | "cart-prices" = "prices"
): Effect.Effect<ReadonlyArray<Money> | null, UnsupportedCurrency> =>
  Prices.inCurrency(converter, code, amounts).pipe(
    Effect.catchIf(
      (error) => error._tag !== "UnsupportedCurrency",
      (error) =>
        Effect.logWarning(`a page is shown without ${panel}`, { error: error._tag }).pipe(
          Effect.zipRight(Degradation.missing(panel)),
          Effect.as(null)
        )
    )
  )

/** Games with their prices, by one call at most. */
export const ofProducts = (
  converter: Prices.Converter,
  code: CurrencyCode,
  products: ReadonlyArray<Product>
): Effect.Effect<ReadonlyArray<PricedProduct>, UnsupportedCurrency> =>
  Effect.map(
    inCurrency(
      converter,
      code,
      products.map(({ priceUsd }) => priceUsd)
    ),
    (prices) => products.map((product, index) => ({ product, price: prices?.[index] ?? null }))
  )
