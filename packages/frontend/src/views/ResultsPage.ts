import { type Html, html } from "../Html.ts"
import { choice } from "./Field.ts"
import * as Genre from "./Genre.ts"
import * as Layout from "./Layout.ts"
import type { Chrome, Filters, Listing, ResultsModel } from "./Models.ts"
import * as Paths from "./Paths.ts"
import { grid } from "./ProductCard.ts"

/** Games that match a search, or that belong to a genre or a platform. */
export const view = (chrome: Chrome, model: ResultsModel): Html => {
  const { listing } = model
  const title = titleOf(listing)
  return Layout.page(
    chrome,
    { title, ...canonical(listing) },
    html`<nav class="crumbs" aria-label="Breadcrumb">
        <ol>
          <li><a href="/">All games</a></li>
          <li aria-current="page">${kinds[listing.kind]}</li>
        </ol>
      </nav>
      <h1>${title}</h1>
      <p class="tally" role="status">${model.total} ${model.total === 1 ? "game" : "games"}</p>
      ${model.filters !== undefined && filters(listing, model.filters)}
      ${model.results.length > 0 ? found(chrome, model) : nothing(chrome, model)}`
  )
}

const kinds: Readonly<Record<Listing["kind"], string>> = { search: "Search", category: "Genre", platform: "Platform" }

const titleOf = (listing: Listing): string => {
  switch (listing.kind) {
    case "search":
      return listing.query === "" ? "All games" : `Games for “${listing.query}”`
    case "category":
      return Genre.label(listing.category)
    case "platform":
      return `Platform: ${listing.platform}`
  }
}

const canonical = (listing: Listing): { readonly canonical?: string } => {
  switch (listing.kind) {
    case "search":
      return {}
    case "category":
      return { canonical: Paths.category(listing.category) }
    case "platform":
      return { canonical: Paths.platform(listing.platform) }
  }
}

const found = (chrome: Chrome, model: ResultsModel): Html =>
  html`<section aria-labelledby="found">
      <h2 class="hidden" id="found">Games</h2>
      ${grid(chrome, model.results, { eager: 4, ...(model.listing.kind === "search" && { query: model.listing.query }) })}
    </section>
    ${
      (model.previous !== undefined || model.next !== undefined) &&
      html`<nav class="pages" aria-label="Pages of the list">
        ${model.previous !== undefined && html`<a class="button" rel="prev" href="${model.previous}">Previous</a>`}<span
          >Page ${model.page} of ${model.pages}</span
        >${model.next !== undefined && html`<a class="button" rel="next" href="${model.next}">Next</a>`}
      </nav>`
    }`

const nothing = (chrome: Chrome, { filters, near }: ResultsModel): Html =>
  html`<p class="nothing">
      Nothing by that name is due at this station. Try fewer letters, or <a href="/">see all games</a>.
    </p>
    ${
      near.length > 0 &&
      html`<section aria-labelledby="near">
        <h2 id="near">Did you mean one of these?</h2>
        ${grid(chrome, near)}
      </section>`
    }
    ${
      filters !== undefined &&
      html`<section aria-labelledby="lines">
        <h2 id="lines">Or take another line</h2>
        ${Genre.links(filters.categories)}
      </section>`
    }`

const sorts: ReadonlyArray<readonly [Filters["sort"], string]> = [
  ["relevance", "Best match"],
  ["price", "Price, low to high"],
  ["price-down", "Price, high to low"],
  ["year", "Year"],
  ["name", "Name"]
]

const filters = (listing: Listing, chosen: Filters): Html =>
  html`<form class="filters" action="/search" aria-label="Narrow the list">
    <input type="hidden" name="q" value="${listing.kind === "search" && listing.query}" />
    ${pick("platform", "Platform", chosen.platform, [["", "Any"], ...chosen.platforms.map((name) => [name, name] as const)])}
    ${pick("category", "Genre", chosen.category, [["", "Any"], ...chosen.categories.map((name) => [name, Genre.label(name)] as const)])}
    ${figure("max_price", "Price up to", chosen.max_price)} ${figure("from_year", "From year", chosen.from_year)}
    ${figure("to_year", "To year", chosen.to_year)} ${pick("sort", "Sort by", chosen.sort, sorts)}
    <button>Show</button>
  </form>`

const pick = (name: string, label: string, value: string, options: ReadonlyArray<readonly [string, string]>): Html =>
  html`<div class="field">
    <label for="${name}">${label}</label
    ><select id="${name}" name="${name}" autocomplete="off">
      ${options.map(([option, text]) => choice({ value: option, label: text }, value))}
    </select>
  </div> `

const figure = (name: string, label: string, value: string): Html =>
  html`<div class="field">
    <label for="${name}">${label}</label
    ><input id="${name}" name="${name}" inputmode="numeric" maxlength="9" value="${value}" autocomplete="off" />
  </div> `
