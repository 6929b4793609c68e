import { type Html, html, settled } from "../Html.ts"
import * as Genre from "./Genre.ts"
import * as Layout from "./Layout.ts"
import type { Chrome, PricedProduct } from "./Models.ts"
import * as Paths from "./Paths.ts"
import { grid } from "./ProductCard.ts"
import { train } from "./Train.ts"

/** What the home page shows of the games: the same for all who pay in one currency. */
export interface Shelves {
  readonly count: number
  readonly board: Html | false
  readonly games: Html
}

/** All games, and the departure board that leads to each platform's. */
export const shelves = (chrome: Pick<Chrome, "asset">, products: ReadonlyArray<PricedProduct>): Shelves => ({
  count: products.length,
  board: products.length > 0 && board(products),
  games: settled(
    products.length === 0
      ? html`<p class="nothing">The shelves are being dusted. Come back in a minute.</p>`
      : html`<section aria-labelledby="genres">
            <h2 id="genres">By genre</h2>
            ${Genre.links(genres(products))}
          </section>
          <section aria-labelledby="games">
            <h2 id="games">All games</h2>
            ${grid(chrome, products, { eager: 4 })}
          </section>`
  )
})

/** The home page with its shelves. */
export const view = (chrome: Chrome, { board, count, games }: Shelves): Html =>
  Layout.page(
    chrome,
    { title: "Retro games, right on time", canonical: "/" },
    html`<div class="hero">
        <div class="welcome">
          <h1>All aboard for 19XX</h1>
          <p>${count} games for machines that never were. Pick a platform, find your seat, press start.</p>
          ${train(chrome)}
        </div>
        ${board}
      </div>
      ${games}`
  )

const board = (products: ReadonlyArray<PricedProduct>): Html =>
  html`<nav class="board" aria-labelledby="departures">
    <h2 id="departures">Departures</h2>
    <ol>
      ${departures(products).map(
        ({ count, from, name }, index) =>
          html`<li>
            <span class="track" aria-hidden="true">${index + 1}</span><a href="${Paths.platform(name)}">${name}</a
            ><span class="when">${clock(from)}</span
            ><span class="games">${count} ${count === 1 ? "game" : "games"}</span>
          </li> `
      )}
    </ol>
  </nav>`

/** A year as a board shows the time: 1983 leaves at 19:83. */
const clock = (year: number): Html => {
  const digits = String(year).padStart(4, "0")
  return html`<span aria-hidden="true">${digits.slice(0, 2)}:${digits.slice(2)}</span
    ><span class="hidden">since ${year}</span>`
}

interface Departure {
  readonly name: string
  readonly count: number
  /** The year of its first game. */
  readonly from: number
}

const departures = (products: ReadonlyArray<PricedProduct>): ReadonlyArray<Departure> => {
  const platforms = new Map<string, Departure>()
  for (const {
    product: { platform: name, year }
  } of products) {
    const known = platforms.get(name) ?? { name, count: 0, from: year }
    platforms.set(name, { name, count: known.count + 1, from: Math.min(known.from, year) })
  }
  return [...platforms.values()].sort((one, other) => one.from - other.from)
}

const genres = (products: ReadonlyArray<PricedProduct>): ReadonlyArray<string> =>
  [...new Set(products.flatMap(({ product }) => product.categories))].sort()
