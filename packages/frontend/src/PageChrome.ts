import { within } from "@retro/contract/CallContext"
import { CartService } from "@retro/contract/CartService"
import * as Cart from "@retro/domain/Cart"
import type { CurrencyCode } from "@retro/domain/Currency"
import * as Lazy from "@retro/domain/Lazy"
import { Clock, Context, DateTime, Duration, Effect, Layer, Option } from "effect"
import { Assets } from "./Assets.ts"
import * as Degradation from "./Degradation.ts"
import * as Derived from "./Derived.ts"
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
      const offered = Effect.flatMap(currencies, (answer) => Effect.map(Clock.currentTimeMillis, offerOf(answer))).pipe(
        Effect.orElse(() => Effect.as(Degradation.missing("currencies"), unknown()))
      )
      const make = (
        visit: Visit,
        { options, rates }: Offer,
        cartSize: number | null,
        degraded: Degradation.Notes,
        searchText = ""
      ): Chrome => ({
        degraded,
        asset: assets.address,
        origin: site.originOf(visit.request),
        here: here(visit),
        currency: { selected: visit.currency, options },
        theme: visit.theme,
        cartSize,
        searchText,
        development,
        devPages: devPages.list,
        footer: {
          requestId: visit.requestId,
          trace: devPages.trace(visit),
          sessionHash: visit.session.displayHash,
          rates,
          ...site.footer
        },
        bannerColor: site.bannerColor
      })
      return {
        around: (visit, known = {}) =>
          Effect.flatMap(offered, (offer) =>
            Effect.flatMap(sizeOf(visit, known), (cartSize) =>
              Effect.map(Degradation.notes, (notes) => make(visit, offer, cartSize, notes, known.searchText))
            )
          ),
        bare: (visit) => make(visit, unknown(), null, new Map()),
        development
      }
    })
  )
}

/** A page waits no longer for the number of games in a cart. */
const patience = "500 millis"

/** Stand first in the picker, and in it when nobody can say what else there is. */
const preferred: ReadonlyArray<CurrencyCode> = ["USD", "EUR", "CAD", "JPY", "GBP", "TRY"]

/** The code, and the sign where the currency has one of its own: short enough for every screen. */
const optionOf = (code: CurrencyCode) => {
  const format = new Intl.NumberFormat("en", { style: "currency", currency: code, currencyDisplay: "narrowSymbol" })
  const sign = format.formatToParts(0).find(({ type }) => type === "currency")?.value ?? code
  return { code, label: sign === code ? code : `${code} ${sign}` }
}

const optionsOf = (codes: ReadonlyArray<CurrencyCode>): Chrome["currency"]["options"] => {
  const others = codes.filter((code) => !preferred.includes(code)).toSorted()
  return [...preferred.filter((code) => codes.includes(code)), ...others].map(optionOf)
}

/** What can be paid in, and by which rates. */
interface Offer {
  readonly options: Chrome["currency"]["options"]
  readonly rates?: Chrome["footer"]["rates"]
}

/** Nobody says. */
const unknown = Lazy.make((): Offer => ({ options: optionsOf(preferred) }))

/** What an answer of the currency service offers at a moment: between two tables of rates there are five days at most. */
const offerOf = Derived.of(
  (answer: { readonly currencyCodes: ReadonlyArray<CurrencyCode>; readonly ratesDate: string }) => {
    const { currencyCodes, ratesDate } = answer
    const day = Option.getOrUndefined(DateTime.make(ratesDate))
    const staleFrom = day === undefined ? Infinity : DateTime.toEpochMillis(day) + Duration.toMillis("6 days")
    const offer = (stale: boolean): Offer => ({ options: optionsOf(currencyCodes), rates: { date: ratesDate, stale } })
    const [fresh, stale] = [offer(false), offer(true)]
    return (now: number): Offer => (now < staleFrom ? fresh : stale)
  }
)
