import * as Json from "@retro/domain/Json"
import { Product } from "@retro/domain/Product"
import { Config, type ConfigError, Context, Data, Effect, Either, Layer, ParseResult, Ref, Schema } from "effect"
import { existsSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import * as SearchIndex from "./SearchIndex.ts"

/** The games on sale, as they were last read. */
export class Catalog extends Context.Tag("@retro/productcatalogservice/Catalog")<
  Catalog,
  {
    /** The catalogue; read again first while {@link reloadOnEveryCall} is on. */
    readonly current: Effect.Effect<SearchIndex.SearchIndex>
    /** Whether every call reads the file again, off at the start. */
    readonly reloadOnEveryCall: (on: boolean) => Effect.Effect<void>
  }
>() {}

/** The products cannot be sold: each problem names the product, by its id or its place in the list, and the field. */
export class CatalogBroken extends Data.TaggedError("CatalogBroken")<{ readonly problems: ReadonlyArray<string> }> {
  override get message() {
    return `the catalogue is broken: ${this.problems.join("; ")}`
  }
}

/** The products in a JSON file, at `PRODUCTS_FILE` or else the one that comes with this package. */
export const layerFile: Layer.Layer<Catalog, CatalogBroken | ConfigError.ConfigError> = Layer.effect(
  Catalog,
  Effect.gen(function* () {
    const read = readProducts(yield* productsFile)
    const loaded = yield* Ref.make(yield* read)
    const reloading = yield* Ref.make(false)
    const reload = read.pipe(
      Effect.flatMap((index) => Ref.set(loaded, index)),
      Effect.catchAll(({ message }) => Effect.logError(`keeping the last good catalogue: ${message}`))
    )
    return Catalog.of({
      current: Effect.zipRight(Effect.whenEffect(reload, Ref.get(reloading)), Ref.get(loaded)),
      reloadOnEveryCall: (on) => Ref.set(reloading, on)
    })
  })
)

/** These products, which never change. */
export const layerOf = (products: ReadonlyArray<Product>): Layer.Layer<Catalog> => {
  const index = SearchIndex.make(products)
  return Layer.succeed(Catalog, { current: Effect.succeed(index), reloadOnEveryCall: () => Effect.void })
}

/** Next to a bundled service's file, or where this module's package keeps it. */
const shipped = ["./products.json", "../products.json"].map((path) => fileURLToPath(new URL(path, import.meta.url)))

const productsFile = Config.nonEmptyString("PRODUCTS_FILE").pipe(
  Config.withDefault(shipped.find((path) => existsSync(path)) ?? "products.json")
)

const CatalogFile = Schema.parseJson(Schema.Struct({ products: Schema.NonEmptyArray(Schema.Unknown) }))

const decodeFile = Schema.decodeUnknownEither(CatalogFile)
const decodeProduct = Schema.decodeUnknownEither(Json.codec(Product), { errors: "all" })

const readProducts = (path: string): Effect.Effect<SearchIndex.SearchIndex, CatalogBroken> =>
  Effect.tryPromise({
    try: () => readFile(path, "utf8"),
    catch: () => new CatalogBroken({ problems: [`${path} cannot be read`] })
  }).pipe(Effect.flatMap(parse), Effect.map(SearchIndex.make))

const parse = (text: string): Either.Either<ReadonlyArray<Product>, CatalogBroken> =>
  decodeFile(text).pipe(
    Either.mapLeft(() => new CatalogBroken({ problems: ["it is no JSON object with at least one of `products`"] })),
    Either.flatMap(({ products: inputs }) => {
      const seen = new Set<string>()
      const problems: Array<string> = []
      const products = inputs.flatMap((input, index) => {
        const product = decodeProduct(input)
        if (Either.isLeft(product)) {
          problems.push(...fieldsOf(product.left).map((field) => `product ${nameOf(input, index)}: ${field}`))
          return []
        }
        if (seen.has(product.right.id)) problems.push(`product ${product.right.id}: id is there twice`)
        seen.add(product.right.id)
        return [product.right]
      })
      return problems.length > 0 ? Either.left(new CatalogBroken({ problems })) : Either.right(products)
    })
  )

const WithId = Schema.Struct({ id: Product.fields.id })

const nameOf = (input: unknown, index: number): string =>
  Either.match(Schema.decodeUnknownEither(WithId)(input), {
    onLeft: () => `number ${index + 1}`,
    onRight: ({ id }) => id
  })

const fieldsOf = (error: ParseResult.ParseError): ReadonlyArray<string> => {
  const issues = ParseResult.ArrayFormatter.formatErrorSync(error)
  return [...new Set(issues.map(({ path }) => path.map(String).join(".") || "is no product"))]
}
