import { Effect } from "effect"
import { CatalogCache } from "../CatalogCache.ts"
import { PageChrome } from "../PageChrome.ts"
import * as Response from "../Response.ts"
import { both } from "../Together.ts"
import * as HomePage from "../views/HomePage.ts"
import type { Page } from "./Page.ts"

/** All games. */
export const make = Effect.gen(function* () {
  const cache = yield* CatalogCache
  const chrome = yield* PageChrome

  const show: Page = (visit) =>
    Effect.map(both(chrome.around(visit), cache.priced(visit.currency)), ([around, products]) =>
      Response.page(200, HomePage.view(around, { products }))
    )

  return { show }
})
