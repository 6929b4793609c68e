import * as Json from "@retro/domain/Json"
import { Product } from "@retro/domain/Product"
import { Schema } from "effect"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { root } from "./Bundle.ts"

/** Where the catalogue of that many games is. */
export const fileOf = (folder: string, size: number) => join(folder, `${size}.json`)

const CatalogueFile = Schema.parseJson(Schema.Struct({ products: Schema.NonEmptyArray(Json.codec(Product)) }))

/** The games of the shop, again and again under other numbers and names; a search for "zeppelin" finds eight. */
export const write = (folder: string, size: number): void => {
  const file = readFileSync(`${root}/packages/productcatalogservice/products.json`, "utf8")
  const { products } = Schema.decodeSync(CatalogueFile)(file)
  const games = Array.from({ length: size }, (_, index) => {
    const game = products[index % products.length] ?? products[0]
    const name = index > 27 && index < 36 ? `${game.name} Zeppelin` : game.name
    return index < products.length
      ? new Product({ ...game, name })
      : new Product({ ...game, id: Product.fields.id.make(`G${String(index).padStart(9, "0")}`), name })
  })
  const [first = products[0], ...others] = games
  writeFileSync(fileOf(folder, size), Schema.encodeSync(CatalogueFile)({ products: [first, ...others] }))
}

/** The ids of its games. */
export const idsOf = (folder: string, size: number): ReadonlyArray<string> =>
  Schema.decodeSync(CatalogueFile)(readFileSync(fileOf(folder, size), "utf8")).products.map(({ id }) => id)
