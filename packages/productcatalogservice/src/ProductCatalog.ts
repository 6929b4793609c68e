import { ProductCatalogService, ProductNotFound } from "@retro/contract/ProductCatalogService"
import { Effect, Either, Layer } from "effect"
import { Catalog } from "./Catalog.ts"
import { page } from "./Page.ts"
import { search } from "./SearchIndex.ts"

/** Answers from the catalogue. */
export const layer: Layer.Layer<ProductCatalogService, never, Catalog> = Layer.effect(
  ProductCatalogService,
  Effect.map(Catalog, ({ current }) =>
    ProductCatalogService.of({
      listProducts: (request) => Effect.flatMap(current, ({ products }) => page(products, "all", request)),
      getProduct: ({ id }) =>
        Effect.flatMap(current, ({ byId }) =>
          Either.fromNullable(byId.get(id), () => new ProductNotFound({ productId: id }))
        ),
      searchProducts: (request) =>
        Effect.flatMap(current, (index) => {
          const found = search(index, request)
          const list = JSON.stringify([request.query, request.platform, request.category])
          return Effect.map(page(found, list, request), ({ nextPageToken, products }) => ({
            results: products,
            nextPageToken,
            total: found.length
          }))
        }),
      getProducts: ({ ids }) =>
        Effect.map(current, ({ byId }) => ({ products: [...new Set(ids)].flatMap((id) => byId.get(id) ?? []) }))
    })
  )
)
