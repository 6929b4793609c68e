import type { CallError } from "@retro/contract/Contract"
import { CurrencyService, type UnsupportedCurrency } from "@retro/contract/CurrencyService"
import type * as Prices from "@retro/contract/Prices"
import { maxPageSize, ProductCatalogService } from "@retro/contract/ProductCatalogService"
import type { CurrencyCode } from "@retro/domain/Currency"
import * as Money from "@retro/domain/Money"
import type { Product } from "@retro/domain/Product"
import { Clock, Context, Duration, Effect, Either, Layer } from "effect"
import * as Degradation from "./Degradation.ts"
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
    /** The games as they were read last, for what cannot be read itself. */
    readonly games: Effect.Effect<Recent.Reading<ReadonlyArray<Product>>, CallError>
    /** Prices by the last rates that could be had. */
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
      const games = yield* Recent.make(everything, "5 seconds")
      const products = marked("games", games)
      const offered = yield* Recent.make(
        Effect.suspend(() => currency.getSupportedCurrencies()),
        "1 minute"
      )
      const converter = remembering(currency, "5 seconds")
      return {
        products,
        priced: pricing(products, converter),
        currencies: marked("currencies", offered),
        converter,
        games
      }
    })
  )
}

/** A reading whose page says where it is old. */
const marked = <A, E>(panel: Degradation.Of<"fallback">, recent: Effect.Effect<Recent.Reading<A>, E>) =>
  Effect.flatMap(recent, ({ isOld, readAt, value }) =>
    isOld ? Effect.as(Degradation.old(panel, readAt), value) : Effect.succeed(value)
  )

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

/**
 * Converts each price of a currency once in a while; only those it has not met are asked for. Prices are payable. While
 * nobody answers they are what they were.
 */
const remembering = (currency: Prices.Converter, timeToLive: Duration.DurationInput): Prices.Converter => {
  const tables = new Map<
    CurrencyCode,
    { readonly until: number; readonly prices: Map<string, Money.Money>; ratesDate: string; readAt: number }
  >()
  return {
    convertBatch: Effect.fnUntraced(function* ({ from, toCode }) {
      const now = yield* Clock.currentTimeMillis
      const kept = tables.get(toCode)
      const fresh = {
        until: now + Duration.toMillis(timeToLive),
        prices: new Map<string, Money.Money>(),
        ratesDate: "",
        readAt: now
      }
      const table = kept !== undefined && now < kept.until ? kept : fresh
      const missing = from.filter((price) => !table.prices.has(keyOf(price)))
      if (missing.length > 0) {
        const earlier = from.flatMap((price) => kept?.prices.get(keyOf(price)) ?? [])
        const answer = yield* Effect.either(currency.convertBatch({ from: missing, toCode, toMinorUnit: true }))
        if (Either.isLeft(answer)) {
          if (kept === undefined || earlier.length < from.length || answer.left._tag !== "CallFailed")
            return yield* answer
          yield* Degradation.old("prices", kept.readAt)
          return { converted: earlier, ratesDate: kept.ratesDate }
        }
        missing.forEach((price, index) => {
          const converted = answer.right.converted[index]
          if (converted !== undefined) table.prices.set(keyOf(price), converted)
        })
        table.ratesDate = answer.right.ratesDate
        tables.set(toCode, table)
      }
      const converted = from.flatMap((price) => table.prices.get(keyOf(price)) ?? [])
      return { converted, ratesDate: table.ratesDate }
    })
  }
}

const keyOf = (price: Money.Money): string => `${price.currencyCode}${Money.toNanos(price)}`
