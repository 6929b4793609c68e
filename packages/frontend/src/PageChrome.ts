import { within } from "@retro/contract/CallContext"
import { CartService } from "@retro/contract/CartService"
import * as Cart from "@retro/domain/Cart"
import type { CurrencyCode } from "@retro/domain/Currency"
import { Context, DateTime, Duration, Effect, Layer, Option } from "effect"
import { Assets } from "./Assets.ts"
import * as Degradation from "./Degradation.ts"
import { CatalogCache } from "./CatalogCache.ts"
import { DevMailbox } from "./DevMailbox.ts"
import * as DevPages from "./DevPages.ts"
import { Site } from "./Site.ts"
import type { Chrome } from "./views/Models.ts"
import { here, type Visit } from "./Visit.ts"

/** What a page knows already and need not be asked for its surroundings. */
export interface Known {
  readonly cart?: Cart.Cart
  readonly searchText?: string
}

/** Makes what stands around every page. */
export class PageChrome extends Context.Tag("@retro/frontend/PageChrome")<
  PageChrome,
  {
    /** Never fails: what cannot be read is left out. */
    readonly around: (visit: Visit, known?: Known) => Effect.Effect<Chrome>
    /** Asks nobody: for pages that say that something is broken. */
    readonly bare: (visit: Visit) => Chrome
    /** Whether somebody develops here: there is a dev mailbox. */
    readonly development: boolean
  }
>() {
  static readonly layer = Layer.effect(
    PageChrome,
    Effect.gen(function* () {
      const assets = yield* Assets
      const carts = yield* CartService
      const { currencies } = yield* CatalogCache
      const site = yield* Site
      const devPages = yield* DevPages.make
      const development = !site.production && Option.isSome(yield* Effect.serviceOption(DevMailbox))
      const sizeOf = ({ session }: Visit, { cart }: Known): Effect.Effect<number | null> =>
        cart !== undefined
          ? Effect.succeed(Cart.size(cart.items))
          : Effect.map(carts.getCart({ userId: session.userId }), ({ items }) => Cart.size(items)).pipe(
              within(patience),
              Degradation.optional("cart-size", null)
            )
      // Remembered but for once a minute: a fiber to ask for it beside the cart would cost every page more than it saves one.
      const offered = Effect.zipWith(currencies, DateTime.now, ({ currencyCodes, ratesDate }, now): Offer => ({
        codes: currencyCodes,
        rates: { date: ratesDate, stale: isStale(ratesDate, now) }
      })).pipe(Effect.orElse(() => Effect.as(Degradation.missing("currencies"), unknown)))
      const make = (
        visit: Visit,
        { codes, rates }: Offer,
        cartSize: number | null,
        degraded: Degradation.Notes,
        searchText = ""
      ): Chrome => ({
        degraded,
        asset: assets.address,
        origin: site.originOf(visit.request),
        here: here(visit),
        currency: { selected: visit.currency, options: optionsOf(codes) },
        theme: visit.theme,
        cartSize,
        searchText,
        development,
        devPages: devPages.list,
        footer: {
          ...site.footer,
          requestId: visit.requestId,
          trace: devPages.trace(visit),
          sessionHash: visit.session.displayHash,
          rates
        },
        bannerColor: site.bannerColor
      })
      return {
        around: (visit, known = {}) =>
          Effect.zipWith(Effect.zip(offered, sizeOf(visit, known)), Degradation.notes, ([offer, cartSize], notes) =>
            make(visit, offer, cartSize, notes, known.searchText)
          ),
        bare: (visit) => make(visit, unknown, null, new Map()),
        development
      }
    })
  )
}

/** A page waits no longer for the number of games in a cart. */
const patience = "500 millis"

/** Stand first in the picker, and in it when nobody can say what else there is. */
const preferred: ReadonlyArray<CurrencyCode> = ["USD", "EUR", "CAD", "JPY", "GBP", "TRY"]

/** What can be paid in, and by which rates. */
interface Offer {
  readonly codes: ReadonlyArray<CurrencyCode>
  readonly rates?: Chrome["footer"]["rates"]
}

/** Nobody says. */
const unknown: Offer = { codes: preferred }

/** Whether more than five days lie between a day and now: between two tables of rates there are five at most. */
const isStale = (day: string, now: DateTime.Utc): boolean =>
  Option.exists(DateTime.make(day), (date) =>
    Duration.greaterThanOrEqualTo(DateTime.distanceDuration(date, now), "6 days")
  )

/** The code, and the sign where the currency has one of its own: short enough for every screen. */
const optionOf = (code: CurrencyCode) => {
  const format = new Intl.NumberFormat("en", { style: "currency", currency: code, currencyDisplay: "narrowSymbol" })
  const sign = format.formatToParts(0).find(({ type }) => type === "currency")?.value ?? code
  return { code, label: sign === code ? code : `${code} ${sign}` }
}

const lists = new WeakMap<ReadonlyArray<CurrencyCode>, Chrome["currency"]["options"]>()

/** The picker's options, made once for each list. */
const optionsOf = (codes: ReadonlyArray<CurrencyCode>): Chrome["currency"]["options"] => {
  const known = lists.get(codes)
  if (known !== undefined) return known
  const others = codes.filter((code) => !preferred.includes(code)).toSorted()
  const options = [...preferred.filter((code) => codes.includes(code)), ...others].map(optionOf)
  lists.set(codes, options)
  return options
}
