import { Effect } from "effect"
import { CatalogCache } from "../CatalogCache.ts"
import { PageChrome } from "../PageChrome.ts"
import * as PagePrices from "../PagePrices.ts"
import * as Response from "../Response.ts"
import { both } from "../Together.ts"
import * as HomePage from "../views/HomePage.ts"
import type { Page } from "./Page.ts"

/** All games. */
export const make = Effect.gen(function* () {
  const cache = yield* CatalogCache
  const chrome = yield* PageChrome

  const show: Page = Effect.fnUntraced(function* (visit) {
    const [products, around] = yield* both(cache.products, chrome.around(visit))
    const priced = yield* PagePrices.ofProducts(cache.converter, visit.currency, products)
    return Response.page(200, HomePage.view(around, { products: priced }))
  })

  return { show }
})
