import { describe, it } from "@effect/vitest"
import { assertEquals, assertLeft, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import {
  InvalidPageToken,
  maxPageSize,
  ProductCatalogService,
  ProductNotFound,
  TooManyProducts
} from "@retro/contract/ProductCatalogService"
import { ProductId } from "@retro/domain/Ids"
import * as Loopback from "@retro/grpc/Loopback"
import { Effect, Layer } from "effect"
import * as Catalog from "../src/Catalog.ts"
import * as ProductCatalog from "../src/ProductCatalog.ts"
import { game, games, idsOf } from "./products.ts"

const ferry = game("FERRY", { name: "Night Ferry", categories: ["puzzle"], platform: "Okapi 16" })
const shop = [
  ...games(5),
  ferry,
  game("HARBOUR", { name: "Harbour", description: "The ferry leaves.", platform: "Okapi 16" })
]
const ids = (...texts: ReadonlyArray<string>) => texts.map((text) => ProductId.make(text))
const all = { pageSize: 0, pageToken: "" }
const everything = { query: "", platform: "", category: "", ...all }

const programOf = (products: typeof shop) => Layer.provide(ProductCatalog.layer, Catalog.layerOf(products))

const wirings: Record<string, (products: typeof shop) => Layer.Layer<ProductCatalogService, unknown>> = {
  direct: programOf,
  "over gRPC": (products) => Loopback.layer(ProductCatalogService, programOf(products))
}

for (const [name, over] of Object.entries(wirings)) {
  describe(`productcatalogservice, ${name}`, () => {
    it.layer(over(shop))((it) => {
      it.effect("lists everything in the order of the catalogue", () =>
        Effect.gen(function* () {
          const { nextPageToken, products } = yield* (yield* ProductCatalogService).listProducts(all)
          deepStrictEqual(idsOf(products), idsOf(shop))
          assertEquals(nextPageToken, "")
        })
      )

      it.effect("lists page by page, each product once, whatever the size of a page", () =>
        Effect.gen(function* () {
          const { listProducts } = yield* ProductCatalogService
          for (let pageSize = 1; pageSize <= shop.length + 1; pageSize++) {
            const seen: Array<string> = []
            let pageToken = ""
            do {
              const page = yield* listProducts({ pageSize, pageToken })
              assertTrue(page.products.length > 0 && page.products.length <= pageSize)
              seen.push(...idsOf(page.products))
              pageToken = page.nextPageToken
            } while (pageToken !== "")
            deepStrictEqual(seen, idsOf(shop))
          }
        })
      )

      it.effect("gives the rest of a list from a token on", () =>
        Effect.gen(function* () {
          const { listProducts } = yield* ProductCatalogService
          const { nextPageToken } = yield* listProducts({ pageSize: 5, pageToken: "" })
          const { products } = yield* listProducts({ pageSize: 0, pageToken: nextPageToken })
          deepStrictEqual(idsOf(products), ids("FERRY", "HARBOUR"))
        })
      )

      it.effect("refuses a token that this list never gave out", () =>
        Effect.gen(function* () {
          const { listProducts, searchProducts } = yield* ProductCatalogService
          const listed = yield* listProducts({ pageSize: 1, pageToken: "" })
          const found = yield* searchProducts({ ...everything, platform: "Okapi 16", pageSize: 1 })
          const foreign = [found.nextPageToken, "x", "****", "MSAx", `${listed.nextPageToken}A`]
          for (const pageToken of foreign) {
            assertLeft(yield* Effect.either(listProducts({ pageSize: 1, pageToken })), new InvalidPageToken())
          }
          const otherSearch = searchProducts({ ...everything, query: "ferry", pageToken: found.nextPageToken })
          assertLeft(yield* Effect.either(otherSearch), new InvalidPageToken())
        })
      )

      it.effect("gives a product by its id", () =>
        Effect.gen(function* () {
          const product = yield* (yield* ProductCatalogService).getProduct({ id: ProductId.make("FERRY") })
          deepStrictEqual(product, ferry)
        })
      )

      it.effect("D21: says that there is no such product, and which", () =>
        Effect.gen(function* () {
          const { getProduct } = yield* ProductCatalogService
          for (const productId of ids("NONE", "constructor", "__proto__")) {
            assertLeft(yield* Effect.either(getProduct({ id: productId })), new ProductNotFound({ productId }))
          }
        })
      )

      it.effect("gives products in the order of their ids, once, without those that do not exist", () =>
        Effect.gen(function* () {
          const { getProducts } = yield* ProductCatalogService
          const { products } = yield* getProducts({ ids: ids("FERRY", "NONE", "N3", "FERRY", "N0") })
          deepStrictEqual(idsOf(products), ids("FERRY", "N3", "N0"))
          deepStrictEqual((yield* getProducts({ ids: [] })).products, [])
        })
      )

      it.effect("searches, ranked and page by page, and says how many there are", () =>
        Effect.gen(function* () {
          const { searchProducts } = yield* ProductCatalogService
          const first = yield* searchProducts({ ...everything, query: "FERRY", pageSize: 1 })
          deepStrictEqual([idsOf(first.results), first.total], [ids("FERRY"), 2])
          const second = yield* searchProducts({
            ...everything,
            query: "FERRY",
            pageSize: 1,
            pageToken: first.nextPageToken
          })
          deepStrictEqual([idsOf(second.results), second.total, second.nextPageToken], [ids("HARBOUR"), 2, ""])
          const none = yield* searchProducts({ ...everything, query: "nothing" })
          deepStrictEqual([none.results, none.total, none.nextPageToken], [[], 0, ""])
          assertEquals((yield* searchProducts({ ...everything, category: "puzzle" })).total, 1)
          assertEquals((yield* searchProducts(everything)).total, shop.length)
        })
      )
    })

    it.scopedLive(`refuses to give more than ${maxPageSize} products in one answer`, () =>
      Effect.gen(function* () {
        const { listProducts, searchProducts } = yield* ProductCatalogService
        const refusal = new TooManyProducts({ maxPageSize })
        assertLeft(yield* Effect.either(listProducts(all)), refusal)
        assertLeft(yield* Effect.either(searchProducts(everything)), refusal)
        const page = yield* listProducts({ pageSize: maxPageSize, pageToken: "" })
        assertEquals(page.products.length, maxPageSize)
        const rest = yield* listProducts({ pageSize: 0, pageToken: page.nextPageToken })
        deepStrictEqual(idsOf(rest.products), ids(`N${maxPageSize}`))
      }).pipe(Effect.provide(over(games(maxPageSize + 1))))
    )

    it.scopedLive(`gives ${maxPageSize} products in one answer`, () =>
      Effect.gen(function* () {
        const { products } = yield* (yield* ProductCatalogService).listProducts(all)
        assertEquals(products.length, maxPageSize)
      }).pipe(Effect.provide(over(games(maxPageSize))))
    )
  })
}
