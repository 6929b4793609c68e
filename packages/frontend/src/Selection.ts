import * as Money from "@retro/domain/Money"
import type { Product } from "@retro/domain/Product"
import { Order, Schema } from "effect"
import * as Derived from "./Derived.ts"
import * as Form from "./Form.ts"
import { type Pieces, pieces, similarity } from "./Similarity.ts"
import type { Filters, PricedProduct } from "./views/Models.ts"

/** How many games one page of a list shows. */
export const pageSize = 24

const sorts = ["relevance", "price", "price-down", "year", "name"] as const satisfies ReadonlyArray<Filters["sort"]>

const fields = Schema.Struct({
  q: Schema.String.pipe(Schema.maxLength(200)),
  platform: Schema.String.pipe(Schema.maxLength(60)),
  category: Schema.String.pipe(Schema.maxLength(40)),
  max_price: Form.orAbsent(Form.WholeNumber),
  from_year: Form.orAbsent(Form.WholeNumber),
  to_year: Form.orAbsent(Form.WholeNumber),
  sort: Schema.Union(Schema.Literal(...sorts), Schema.Literal("")),
  page: Form.orAbsent(Form.WholeNumber.pipe(Schema.positive()))
})

/** What a list of games is asked for. */
export type Selection = typeof fields.Type

/** Reads the query of a list's address. */
export const read = Form.make(fields, {
  q: "Search for at most 200 characters.",
  platform: "A platform has at most 60 characters.",
  category: "A genre has at most 40 characters.",
  max_price: "Give a whole number.",
  from_year: "Give a year in digits.",
  to_year: "Give a year in digits.",
  sort: `Choose ${sorts.join(", ")}.`,
  page: "Pages count from 1."
})

/** The games within the years, the price and in the order asked for; a game whose price nobody knows has no price to exceed. */
export const apply = (selection: Selection, games: ReadonlyArray<PricedProduct>): ReadonlyArray<PricedProduct> => {
  const { from_year: from = 0, max_price: most, to_year: to = Infinity } = selection
  const within = games.filter(
    ({ price, product: { year } }) =>
      year >= from &&
      year <= to &&
      (most === undefined || price === null || Money.toNanos(price) <= BigInt(most) * 1_000_000_000n)
  )
  const order = orders[selection.sort === "" ? "relevance" : selection.sort]
  return order === undefined ? within : within.toSorted(order)
}

const byPrice = Order.mapInput(Order.bigint, ({ product }: PricedProduct) => Money.toNanos(product.priceUsd))

/** What is not ordered here stays as the catalogue ranked it. */
const orders: Readonly<Record<Filters["sort"], Order.Order<PricedProduct> | undefined>> = {
  relevance: undefined,
  price: byPrice,
  "price-down": Order.reverse(byPrice),
  year: Order.mapInput(Order.number, ({ product }: PricedProduct) => product.year),
  name: Order.mapInput(Order.string, ({ product }: PricedProduct) => product.name.toLowerCase())
}

/** Whether a game is of this platform and genre and has all these words: a search for when nobody answers searches. */
export const holds = (
  { category, platform, q }: Pick<Selection, "category" | "platform" | "q">,
  { categories, description, name, platform: its }: Product
): boolean => {
  const text = `${name} ${description} ${categories.join(" ")} ${its}`.toLowerCase()
  return (
    (platform === "" || platform === its) &&
    (category === "" || categories.includes(category)) &&
    q
      .toLowerCase()
      .split(/\s+/)
      .every((word) => text.includes(word))
  )
}

/** Up to four games whose names are nearly what was searched for, the nearest first. */
export const nearly = (query: string, products: ReadonlyArray<Product>): ReadonlyArray<Product> => {
  const asked = pieces(query)
  return products
    .map((product) => ({ product, likeness: likeness(asked, named(product)) }))
    .filter(({ likeness }) => likeness > 0.25)
    .toSorted((a, b) => b.likeness - a.likeness)
    .slice(0, 4)
    .map(({ product }) => product)
}

/** A name and the words in it, in pieces. */
const named = Derived.of(({ name }: Product): ReadonlyArray<Pieces> => [name, ...name.split(" ")].map(pieces))

/** How alike a query is to a name, or to the word in it that it is most like. */
const likeness = (query: Pieces, name: ReadonlyArray<Pieces>): number =>
  Math.max(...name.map((text) => similarity(query, text)))

/** What the lists can be narrowed to: every platform and genre of the catalogue, in the order of their names. */
export const choices = Derived.of((products: ReadonlyArray<Product>): Pick<Filters, "platforms" | "categories"> => ({
  platforms: [...new Set(products.map(({ platform }) => platform))].toSorted(),
  categories: [...new Set(products.flatMap(({ categories }) => categories))].toSorted()
}))
