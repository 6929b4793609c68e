import type { CallError } from "@retro/contract/Contract"
import { CurrencyService, type UnsupportedCurrency } from "@retro/contract/CurrencyService"
import type * as Prices from "@retro/contract/Prices"
import { maxPageSize, ProductCatalogService } from "@retro/contract/ProductCatalogService"
import type { CurrencyCode } from "@retro/domain/Currency"
import * as Money from "@retro/domain/Money"
import type { Product } from "@retro/domain/Product"
import { Clock, Context, Duration, Effect, Layer } from "effect"
import * as PagePrices from "./PagePrices.ts"
import * as Recent from "./Recent.ts"
import type { PricedProduct } from "./views/Models.ts"

/**
 * What changes slowly and is on many pages, a few seconds old at most. Carts and totals never come from here: what is
 * ordered is read and converted anew.
 */
export class CatalogCache extends Context.Tag("@retro/frontend/CatalogCache")<
  CatalogCache,
  {
    /** All games, in the order of the catalogue, up to the most that one answer holds. */
    readonly products: Effect.Effect<ReadonlyArray<Product>, CallError>
    /** What can be paid in, and the day of the rates. */
    readonly currencies: Effect.Effect<
      { readonly currencyCodes: ReadonlyArray<CurrencyCode>; readonly ratesDate: string },
      CallError
    >
    readonly converter: Prices.Converter
    /** All games with their prices in a currency: `null` while the rates are out of reach. */
    readonly priced: (
      code: CurrencyCode
    ) => Effect.Effect<ReadonlyArray<PricedProduct>, CallError | UnsupportedCurrency>
  }
>() {
  static readonly layer = Layer.scoped(
    CatalogCache,
    Effect.gen(function* () {
      const catalog = yield* ProductCatalogService
      const currency = yield* CurrencyService
      const everything = Effect.suspend(() => catalog.listProducts({ pageSize: maxPageSize, pageToken: "" })).pipe(
        Effect.map(({ products }) => products),
        // A first page of the greatest allowed size has no token and is not too large.
        Effect.catchTag("InvalidPageToken", "TooManyProducts", Effect.die)
      )
      const products = yield* Recent.make(everything, "5 seconds")
      const converter = remembering(currency, "5 seconds")
      return {
        products,
        priced: pricing(products, converter),
        currencies: yield* Recent.make(
          Effect.suspend(() => currency.getSupportedCurrencies()),
          "1 minute"
        ),
        converter
      }
    })
  )
}

/** Prices the list once for each currency, for as long as the list is the recent one. */
const pricing = <E>(recent: Effect.Effect<ReadonlyArray<Product>, E>, converter: Prices.Converter) => {
  const lists = new WeakMap<ReadonlyArray<Product>, Map<CurrencyCode, ReadonlyArray<PricedProduct>>>()
  return (code: CurrencyCode): Effect.Effect<ReadonlyArray<PricedProduct>, E | UnsupportedCurrency> =>
    Effect.flatMap(recent, (products) => {
      const kept = lists.get(products) ?? new Map<CurrencyCode, ReadonlyArray<PricedProduct>>()
      lists.set(products, kept)
      const known = kept.get(code)
      if (known !== undefined) return Effect.succeed(known)
      return Effect.map(PagePrices.ofProducts(converter, code, products), (priced) => {
        if (priced.every(({ price }) => price !== null)) kept.set(code, priced)
        return priced
      })
    })
}

/** Converts each price of a currency once in a while; only those it has not met are asked for. Prices are payable. */
const remembering = (currency: Prices.Converter, timeToLive: Duration.DurationInput): Prices.Converter => {
  const tables = new Map<
    CurrencyCode,
    { readonly until: number; readonly prices: Map<string, Money.Money>; ratesDate: string }
  >()
  return {
    convertBatch: Effect.fnUntraced(function* ({ from, toCode }) {
      const now = yield* Clock.currentTimeMillis
      const kept = tables.get(toCode)
      const fresh = {
        until: now + Duration.toMillis(timeToLive),
        prices: new Map<string, Money.Money>(),
        ratesDate: ""
      }
      const table = kept !== undefined && now < kept.until ? kept : fresh
      const missing = from.filter((price) => !table.prices.has(keyOf(price)))
      if (missing.length > 0) {
        const answer = yield* currency.convertBatch({ from: missing, toCode, toMinorUnit: true })
        missing.forEach((price, index) => {
          const converted = answer.converted[index]
          if (converted !== undefined) table.prices.set(keyOf(price), converted)
        })
        table.ratesDate = answer.ratesDate
        tables.set(toCode, table)
      }
      const converted = from.flatMap((price) => table.prices.get(keyOf(price)) ?? [])
      return { converted, ratesDate: table.ratesDate }
    })
  }
}

const keyOf = (price: Money.Money): string => `${price.currencyCode}${Money.toNanos(price)}`
