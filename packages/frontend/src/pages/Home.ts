import { Effect } from "effect"
import { Assets } from "../Assets.ts"
import { CatalogCache } from "../CatalogCache.ts"
import * as Derived from "../Derived.ts"
import { PageChrome } from "../PageChrome.ts"
import * as Response from "../Response.ts"
import * as HomePage from "../views/HomePage.ts"
import type { PricedProduct } from "../views/Models.ts"
import type { Page } from "./Page.ts"

/** All games. */
export const make = Effect.gen(function* () {
  const assets = yield* Assets
  const cache = yield* CatalogCache
  const chrome = yield* PageChrome

  const shelves = Derived.of((products: ReadonlyArray<PricedProduct>) =>
    HomePage.shelves({ asset: assets.address }, products)
  )

  /** One after the other: the games are remembered, and only the cart is asked for. */
  const show: Page = (visit) =>
    Effect.flatMap(cache.priced(visit.currency), (products) =>
      Effect.map(chrome.around(visit), (around) => Response.page(200, HomePage.view(around, shelves(products))))
    )

  return { show }
})
