import { describe, it } from "@effect/vitest"
import { assertEquals, assertLeft, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { CallFailed } from "@retro/contract/Contract"
import { ProductCatalogService } from "@retro/contract/ProductCatalogService"
import { RecommendationService } from "@retro/contract/RecommendationService"
import { ProductId, UserId } from "@retro/domain/Ids"
import * as Money from "@retro/domain/Money"
import { Product } from "@retro/domain/Product"
import * as Loopback from "@retro/grpc/Loopback"
import { Deferred, Effect, Fiber, Layer, Random, Ref, TestClock } from "effect"
import * as Recommendation from "../src/Recommendation.ts"

const userId = UserId.make("shopper")
const ids = Array.from({ length: 8 }, (_, index) => ProductId.make(`P${index}`))

const game = (id: ProductId) =>
  new Product({
    id,
    name: id,
    description: "",
    picture: "",
    priceUsd: Money.zero("USD"),
    categories: [],
    platform: "",
    year: 1990,
    players: 1,
    weightGrams: 100
  })

const failure = new CallFailed({ path: "", code: 14 })

type List = ReturnType<typeof ProductCatalogService.Service.listProducts>

const answers = (ids: ReadonlyArray<ProductId>): List => Effect.succeed({ products: ids.map(game), nextPageToken: "" })

const over = (listProducts: List) =>
  Layer.provide(Recommendation.layer, Layer.mock(ProductCatalogService, { listProducts: () => listProducts }))

const recommend = (...productIds: ReadonlyArray<ProductId>) =>
  Effect.flatMap(RecommendationService, ({ listRecommendations }) => listRecommendations({ userId, productIds })).pipe(
    Effect.map(({ productIds }) => productIds)
  )

const wirings: Record<string, (listProducts: List) => Layer.Layer<RecommendationService, unknown>> = {
  direct: over,
  "over gRPC": (listProducts) => Loopback.layer(RecommendationService, over(listProducts))
}

for (const [name, wired] of Object.entries(wirings)) {
  describe(`recommendationservice, ${name}`, () => {
    it.scopedLive("recommends five different products of the catalogue, none that the request names", () =>
      Effect.gen(function* () {
        const named = ids.slice(0, 2)
        for (let n = 0; n < 50; n++) {
          const recommended = yield* recommend(...named)
          assertEquals(new Set(recommended).size, 5)
          assertTrue(recommended.every((id) => ids.includes(id) && !named.includes(id)))
        }
      }).pipe(Effect.provide(wired(answers(ids))))
    )

    it.scopedLive("recommends what there is when that is less than five", () =>
      Effect.gen(function* () {
        deepStrictEqual([...(yield* recommend(...ids.slice(2)))].sort(), ids.slice(0, 2))
        deepStrictEqual(yield* recommend(...ids), [])
        assertEquals((yield* recommend(ProductId.make("ELSEWHERE"))).length, 5)
      }).pipe(Effect.provide(wired(answers(ids))))
    )

    it.scopedLive("D25: is an error when the catalogue is away, and no empty answer", () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(recommend())
        assertEquals(error._tag, "CallFailed")
        assertTrue(error._tag === "CallFailed" && error.code === 14)
      }).pipe(Effect.provide(wired(Effect.fail(failure))))
    )
  })
}

describe("recommendations", () => {
  it.effect("D25: put every product in every place equally often (chi-square, p > 0.001)", () =>
    Effect.gen(function* () {
      const rounds = 8000
      const seen = ids.map(() => [0, 0, 0, 0, 0])
      for (let n = 0; n < rounds; n++) {
        for (const [place, id] of (yield* recommend()).entries()) {
          const counts = seen[ids.indexOf(id)] ?? []
          counts[place] = (counts[place] ?? 0) + 1
        }
      }
      const expected = rounds / ids.length
      for (let place = 0; place < 5; place++) {
        const chiSquare = seen.reduce((sum, counts) => sum + ((counts[place] ?? 0) - expected) ** 2 / expected, 0)
        assertTrue(chiSquare < 24.32, `place ${place}: ${chiSquare} with 7 degrees of freedom`)
      }
    }).pipe(Effect.withRandom(Random.make("uniform")), Effect.provide(over(answers(ids))))
  )

  it.effect("D25: are the same for the same seed and others for another", () =>
    Effect.gen(function* () {
      const drawn = (seed: string) => Effect.withRandom(Effect.replicateEffect(recommend(), 5), Random.make(seed))
      deepStrictEqual(yield* drawn("one"), yield* drawn("one"))
      assertTrue(JSON.stringify(yield* drawn("one")) !== JSON.stringify(yield* drawn("two")))
    }).pipe(Effect.provide(over(answers(ids))))
  )

  const counting = Effect.fnUntraced(function* (list: List) {
    const asked = yield* Ref.make(0)
    return [
      Ref.get(asked),
      over(
        Effect.zipRight(
          Ref.update(asked, (n) => n + 1),
          list
        )
      )
    ] as const
  })

  it.effect("ask for the catalogue once in a while, not each time", () =>
    Effect.gen(function* () {
      const [asked, layer] = yield* counting(answers(ids))
      yield* Effect.gen(function* () {
        yield* Effect.replicateEffect(recommend(), 3)
        assertEquals(yield* asked, 1)
        yield* TestClock.adjust("29 seconds")
        yield* recommend()
        assertEquals(yield* asked, 1)
        yield* TestClock.adjust("1 second")
        yield* recommend()
        assertEquals(yield* asked, 2)
      }).pipe(Effect.provide(layer))
    })
  )

  it.effect("ask for the catalogue once for all who ask at the same time", () =>
    Effect.gen(function* () {
      const [asked, layer] = yield* counting(Effect.zipRight(Effect.yieldNow(), answers(ids)))
      yield* Effect.gen(function* () {
        yield* Effect.all(Effect.replicate(recommend(), 5), { concurrency: "unbounded" })
        assertEquals(yield* asked, 1)
      }).pipe(Effect.provide(layer))
    })
  )

  it.effect("do not fail for others when the one whose asking they wait for hangs up", () =>
    Effect.gen(function* () {
      const answer = yield* Deferred.make<void>()
      const [asked, layer] = yield* counting(Effect.zipRight(Deferred.await(answer), answers(ids)))
      yield* Effect.gen(function* () {
        const first = yield* Effect.fork(recommend())
        const other = yield* Effect.fork(recommend())
        yield* Effect.yieldNow()
        yield* Fiber.interrupt(first)
        yield* Deferred.succeed(answer, undefined)
        assertEquals((yield* Fiber.join(other)).length, 5)
        assertEquals(yield* asked, 2)
        yield* recommend()
        assertEquals(yield* asked, 2)
      }).pipe(Effect.provide(layer))
    })
  )

  it.effect("do not remember a failure", () =>
    Effect.gen(function* () {
      const list = yield* Ref.make<List>(Effect.fail(failure))
      yield* Effect.gen(function* () {
        assertLeft(yield* Effect.either(recommend()), failure)
        yield* Ref.set(list, answers(ids))
        assertEquals((yield* recommend()).length, 5)
      }).pipe(Effect.provide(over(Effect.flatten(Ref.get(list)))))
    })
  )
})
