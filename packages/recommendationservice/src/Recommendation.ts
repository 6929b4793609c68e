import type { CallError } from "@retro/contract/Contract"
import { maxPageSize, ProductCatalogService } from "@retro/contract/ProductCatalogService"
import { RecommendationService } from "@retro/contract/RecommendationService"
import type { ProductId } from "@retro/domain/Ids"
import * as Spans from "@retro/telemetry/Spans"
import { Cause, Clock, Duration, Effect, FiberRef, Layer, Random, type Tracer } from "effect"

/** The most products that are recommended at once. */
export const most = 5

/** How long the list of all products is taken for true. */
export const freshFor = "30 seconds"

/** Recommends by chance, each product as likely as any other, what the shopper is not looking at already. */
export const layer: Layer.Layer<RecommendationService, never, ProductCatalogService> = Layer.effect(
  RecommendationService,
  Effect.gen(function* () {
    const allIds = yield* remembered(listIds(yield* ProductCatalogService))
    return RecommendationService.of({
      listRecommendations: Effect.fnUntraced(function* ({ productIds }) {
        const known = new Set(productIds)
        const others = (yield* allIds).filter((id) => !known.has(id))
        return { productIds: yield* some(others) }
      })
    })
  })
)

/** The first few of a shuffled list: only they are drawn (Fisher and Yates), however long the list is. */
const some = Effect.fnUntraced(function* <A>(list: ReadonlyArray<A>) {
  const left = [...list]
  const drawn: Array<A> = []
  while (drawn.length < most && left.length > 0) {
    const place = yield* Random.nextIntBetween(0, left.length)
    drawn.push(...left.splice(place, 1))
  }
  return drawn
})

/** The ids of the catalogue's first page, the largest there is. */
const listIds = (catalog: typeof ProductCatalogService.Service): Effect.Effect<ReadonlyArray<ProductId>, CallError> =>
  catalog.listProducts({ pageSize: maxPageSize, pageToken: "" }).pipe(
    Effect.map(({ products }) => products.map(({ id }) => id)),
    // A first page of at most as many products as one answer holds is neither too many nor after a wrong token.
    Effect.catchTags({ TooManyProducts: Effect.die, InvalidPageToken: Effect.die })
  )

/**
 * Asks once for all that ask at the same time or within {@link freshFor}; a failure is told to them and not kept. What is
 * there is answered at once: a cache of Effect's would let its caller wait for a moment.
 */
const remembered = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<Effect.Effect<A, E>> => {
  let known: { readonly value: A; readonly until: number } | undefined
  const asked = Effect.flatMap(FiberRef.get(asker), (span) =>
    span === undefined ? effect : Spans.within(effect, span)
  ).pipe(
    Effect.tap((value) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        known = { value, until: now + Duration.toMillis(freshFor) }
      })
    )
  )
  return Effect.map(Effect.cachedInvalidateWithTTL(asked, freshFor), ([cached, invalidate]) => {
    const ask = Effect.withFiberRuntime<A, E>(({ currentSpan }) => Effect.locally(cached, asker, currentSpan)).pipe(
      Effect.tapErrorCause((cause) => Effect.unless(invalidate, () => Cause.isInterruptedOnly(cause)))
    )
    return Effect.flatMap(Clock.currentTimeMillis, (now) =>
      known !== undefined && now < known.until ? Effect.succeed(known.value) : ask
    )
  })
}

/** Whose call it is that finds nothing fresh: what is cached runs in the surroundings of its making, not of its asker. */
const asker = FiberRef.unsafeMake<Tracer.AnySpan | undefined>(undefined)
