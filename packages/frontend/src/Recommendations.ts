import { within } from "@retro/contract/CallContext"
import { ProductCatalogService } from "@retro/contract/ProductCatalogService"
import { RecommendationService } from "@retro/contract/RecommendationService"
import type { ProductId, UserId } from "@retro/domain/Ids"
import type { Product } from "@retro/domain/Product"
import { Effect } from "effect"
import * as Degradation from "./Degradation.ts"
import * as Eager from "./Eager.ts"

/** Up to four other games for somebody who looks at these, or word that there are none to be had right now. */
export type Recommend = (
  userId: UserId,
  productIds: ReadonlyArray<ProductId>
) => Effect.Effect<ReadonlyArray<Product> | "unavailable">

const shown = 4
const patience = "500 millis"

/** Recommendations that never fail and never keep a page waiting: they decorate it. */
export const make: Effect.Effect<Recommend, never, RecommendationService | ProductCatalogService> = Effect.gen(
  function* () {
    const recommendations = yield* RecommendationService
    const catalog = yield* ProductCatalogService
    return (userId, productIds) =>
      recommendations.listRecommendations({ userId, productIds }).pipe(
        Effect.flatMap(({ productIds: ids }) =>
          ids.length === 0
            ? Effect.succeed([])
            : Effect.map(catalog.getProducts({ ids: ids.slice(0, shown) }), ({ products }) => products)
        ),
        within(patience),
        Eager.timeout(patience),
        Degradation.optional("recommendations", "unavailable")
      )
  }
)
