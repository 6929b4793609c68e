import { within } from "@retro/contract/CallContext"
import { maxPageSize, ProductCatalogService } from "@retro/contract/ProductCatalogService"
import type { Product } from "@retro/domain/Product"
import { Effect, Either } from "effect"
import { CatalogCache } from "../CatalogCache.ts"
import * as Degradation from "../Degradation.ts"
import * as Form from "../Form.ts"
import { PageChrome } from "../PageChrome.ts"
import * as PagePrices from "../PagePrices.ts"
import * as Refused from "../Refused.ts"
import * as Response from "../Response.ts"
import * as Selection from "../Selection.ts"
import type { Listing, PricedProduct, ResultsModel } from "../views/Models.ts"
import { both } from "../Together.ts"
import * as ResultsPage from "../views/ResultsPage.ts"
import type { Visit } from "../Visit.ts"
import type { Page } from "./Page.ts"

/** Lists of games: what a search found, a genre, a platform. */
export const make = Effect.gen(function* () {
  const catalog = yield* ProductCatalogService
  const cache = yield* CatalogCache
  const chrome = yield* PageChrome

  const find = ({ category, platform, q }: Selection.Selection) =>
    catalog.searchProducts({ query: q, platform, category, pageSize: maxPageSize, pageToken: "" }).pipe(
      Effect.map(({ results }) => results),
      // A first page of the greatest allowed size has no token and is not too large.
      Effect.catchTag("InvalidPageToken", "TooManyProducts", Effect.die),
      within(patience),
      Degradation.fallback(
        "results",
        Effect.map(cache.games, ({ readAt, value }) => ({
          readAt,
          value: value.filter((game) => Selection.holds({ category, platform, q }, game))
        }))
      )
    )

  const list = Effect.fnUntraced(function* (visit: Visit, listing: Listing, selection: Selection.Selection) {
    const [around, [products, found]] = yield* both(
      chrome.around(visit, { searchText: selection.q }),
      both(cache.products, find(selection))
    )
    if (found.length === 0 && listing.kind !== "search")
      return yield* Refused.notFound(`We have no games of this ${listing.kind}.`)
    const price = (games: ReadonlyArray<Product>) => PagePrices.ofProducts(cache.converter, visit.currency, games)
    const games = Selection.apply(selection, selection.max_price === undefined ? unpriced(found) : yield* price(found))
    const { next, page, pages, previous, shown } = pageOf(visit, games, selection.page ?? 1)
    const near = games.length === 0 ? Selection.nearly(selection.q, products) : []
    const priced = yield* price([...shown.map(({ product }) => product), ...near])
    const model: ResultsModel = {
      listing,
      results: priced.slice(0, shown.length),
      total: games.length,
      page,
      pages,
      previous,
      next,
      near: priced.slice(shown.length),
      filters: listing.kind === "search" ? filtersOf(selection, Selection.choices(products)) : undefined
    }
    return Response.page(200, ResultsPage.view(around, model))
  })

  /** A list whose address says what it lists, beside what its query says. */
  const listed = (listingOf: (visit: Visit, selection: Selection.Selection) => Listing): Page =>
    Effect.fnUntraced(function* (visit) {
      const fields = yield* Form.queried(visit.request)
      const selection = yield* Either.mapLeft(Selection.read(fields), ({ errors }) => Refused.fields(errors))
      const listing = listingOf(visit, selection)
      return yield* list(visit, listing, narrowed(selection, listing))
    })

  return {
    search: listed((_visit, { q }) => ({ kind: "search", query: q })),
    category: listed(({ params }) => ({ kind: "category", category: params["category"] ?? "" })),
    platform: listed(({ params }) => ({ kind: "platform", platform: params["platform"] ?? "" }))
  }
})

/** A list waits no longer for a search before it looks through the games as they were. */
const patience = "1 second"

/** A genre's or a platform's page lists it alone, by whatever its query says. */
const narrowed = (selection: Selection.Selection, listing: Listing): Selection.Selection => {
  switch (listing.kind) {
    case "search":
      return selection
    case "category":
      return { ...selection, q: "", platform: "", category: listing.category.slice(0, 40) }
    case "platform":
      return { ...selection, q: "", category: "", platform: listing.platform.slice(0, 60) }
  }
}

const unpriced = (products: ReadonlyArray<Product>): ReadonlyArray<PricedProduct> =>
  products.map((product) => ({ product, price: null }))

const pageOf = (visit: Visit, games: ReadonlyArray<PricedProduct>, wanted: number) => {
  const pages = Math.max(1, Math.ceil(games.length / Selection.pageSize))
  const page = Math.min(wanted, pages)
  const address = (number: number) => {
    const query = new URLSearchParams(visit.request.query)
    query.set("page", String(number))
    return `${visit.request.path}?${query.toString()}`
  }
  return {
    page,
    pages,
    shown: games.slice((page - 1) * Selection.pageSize, page * Selection.pageSize),
    previous: page > 1 ? address(page - 1) : undefined,
    next: page < pages ? address(page + 1) : undefined
  }
}

const filtersOf = (
  { category, from_year, max_price, platform, sort, to_year }: Selection.Selection,
  choices: ReturnType<typeof Selection.choices>
) => ({
  platform,
  category,
  max_price: String(max_price ?? ""),
  from_year: String(from_year ?? ""),
  to_year: String(to_year ?? ""),
  sort: sort === "" ? ("relevance" as const) : sort,
  ...choices
})
