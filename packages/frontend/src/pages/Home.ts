import { Effect } from "effect"
import { CatalogCache } from "../CatalogCache.ts"
import { PageChrome } from "../PageChrome.ts"
import * as Response from "../Response.ts"
import * as HomePage from "../views/HomePage.ts"
import type { Page } from "./Page.ts"

/** All games. */
export const make = Effect.gen(function* () {
  const cache = yield* CatalogCache
  const chrome = yield* PageChrome

  /** One after the other: the games are remembered, and only the cart is asked for. */
  const show: Page = (visit) =>
    Effect.zipWith(cache.priced(visit.currency), chrome.around(visit), (products, around) =>
      Response.page(200, HomePage.view(around, { products }))
    )

  return { show }
})
