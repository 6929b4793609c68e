import { type Html, html } from "../Html.ts"
import { cover } from "./Cover.ts"
import { excerpt, highlight } from "./Highlight.ts"
import type { Chrome, PricedProduct } from "./Models.ts"
import * as Paths from "./Paths.ts"
import { price } from "./Price.ts"

/** How a grid shows its games. */
export interface GridOptions {
  /** How many covers are there before anybody scrolls. */
  readonly eager?: number
  /** Words to mark in the names. */
  readonly query?: string
}

/** Games side by side, each a link to its page. */
export const grid = (
  chrome: Pick<Chrome, "asset">,
  products: ReadonlyArray<PricedProduct>,
  options: GridOptions = {}
): Html =>
  html`<ul class="grid">
    ${products.map((product, index) =>
      card(chrome, product, index < (options.eager ?? 0) ? "eager" : "lazy", options.query ?? "")
    )}
  </ul>`

/** What else there is, under a heading; nothing at all when there is nothing to say. */
export const recommendations = (chrome: Chrome, products: ReadonlyArray<PricedProduct> | "unavailable"): Html | false =>
  products !== "unavailable" &&
  products.length > 0 &&
  html`<section class="connections" aria-labelledby="connections">
    <h2 id="connections">Change here for</h2>
    ${grid(chrome, products)}
  </section>`

const card = (chrome: Pick<Chrome, "asset">, priced: PricedProduct, loading: "eager" | "lazy", query: string): Html => {
  const { product } = priced
  return html`<li class="card">
    ${cover(chrome, product, "card", loading)}
    <h3><a href="${Paths.product(product.id)}">${highlight(product.name, query)}</a></h3>
    <p class="meta">${product.platform}<br />${product.year}</p>
    ${why(product, query)} ${price(priced.price)}
  </li> `
}

/** Where a search found a game whose name does not say so. */
const why = ({ description, name }: PricedProduct["product"], query: string): Html | false => {
  const found = excerpt(name, query) === undefined ? excerpt(description, query) : undefined
  return found !== undefined && html`<p class="meta">${highlight(found, query)}</p>`
}
