import { Schema } from "effect"
import { ProductId } from "./Ids.ts"
import * as Money from "./Money.ts"

/** A genre as its page's address spells it: lower case, digits and hyphens. */
export const Category = Schema.String.pipe(
  Schema.pattern(/^[a-z0-9][a-z0-9-]{0,39}$/, { message: () => "not a category" })
)

/** A game as the catalogue describes it. */
export class Product extends Schema.Class<Product>("Product")({
  id: ProductId,
  name: Schema.String.pipe(Schema.minLength(1), Schema.maxLength(100)),
  description: Schema.String.pipe(Schema.maxLength(2000)),
  /** Path of the cover on the website. */
  picture: Schema.String.pipe(Schema.maxLength(200)),
  /** In whole cents. */
  priceUsd: Money.PriceIn("USD"),
  categories: Schema.Array(Category),
  platform: Schema.String.pipe(Schema.maxLength(60)),
  /** First published. */
  year: Schema.Int.pipe(Schema.between(0, 9999)),
  /** The most that can play at once. */
  players: Schema.Int.pipe(Schema.between(0, 99)),
  weightGrams: Schema.Int.pipe(Schema.between(0, 1_000_000))
}) {}
