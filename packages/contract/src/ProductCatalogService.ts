import { Rpc } from "@effect/rpc"
import { ProductId } from "@retro/domain/Ids"
import { Product } from "@retro/domain/Product"
import { Schema } from "effect"
import * as Contract from "./Contract.ts"
import { ProductCatalogServiceService } from "./generated/retrostation/productcatalog.ts"
import { Failure } from "./Status.ts"

/** The most products that one answer holds. */
export const maxPageSize = 500

/** The catalogue has no such product. */
export class ProductNotFound extends Failure<ProductNotFound>()(
  "ProductNotFound",
  { grpc: "NOT_FOUND", http: 404 },
  {
    productId: ProductId
  }
) {}

/** More products than one answer holds: ask for pages. */
export class TooManyProducts extends Failure<TooManyProducts>()(
  "TooManyProducts",
  { grpc: "RESOURCE_EXHAUSTED", http: 400 },
  { maxPageSize: Schema.Int }
) {}

/** The token is none that an earlier page of this list gave out. */
export class InvalidPageToken extends Failure<InvalidPageToken>()(
  "InvalidPageToken",
  { grpc: "INVALID_ARGUMENT", http: 400 },
  {}
) {}

const page = {
  /** 0 for everything. */
  pageSize: Schema.Int.pipe(Schema.between(0, maxPageSize)),
  /** Empty for the first page. */
  pageToken: Schema.String.pipe(Schema.maxLength(100))
}

const PageError = Schema.Union(TooManyProducts, InvalidPageToken)

/** The games on sale. */
export class ProductCatalogService extends Contract.Tag<ProductCatalogService>()(
  "ProductCatalogService",
  ProductCatalogServiceService,
  Rpc.make("listProducts", {
    payload: page,
    success: Schema.Struct({ products: Schema.Array(Product), nextPageToken: Schema.String }),
    error: PageError
  }).annotate(Contract.Idempotent, true),
  Rpc.make("getProduct", { payload: { id: ProductId }, success: Product, error: ProductNotFound }).annotate(
    Contract.Idempotent,
    true
  ),
  Rpc.make("searchProducts", {
    payload: {
      query: Schema.String.pipe(Schema.maxLength(200)),
      ...page,
      platform: Schema.String.pipe(Schema.maxLength(60)),
      category: Schema.String.pipe(Schema.maxLength(40))
    },
    success: Schema.Struct({ results: Schema.Array(Product), nextPageToken: Schema.String, total: Schema.Int }),
    error: PageError
  }).annotate(Contract.Idempotent, true),
  Rpc.make("getProducts", {
    payload: { ids: Schema.Array(ProductId).pipe(Schema.maxItems(maxPageSize)) },
    success: Schema.Struct({ products: Schema.Array(Product) })
  }).annotate(Contract.Idempotent, true)
) {}
