import { type Html, html } from "../Html.ts"
import * as Paths from "./Paths.ts"

/** A genre as a person reads it: "shoot-em-up" is "Shoot-em-up". */
export const label = (category: string): string => category.slice(0, 1).toUpperCase() + category.slice(1)

/** Links to genres, side by side. */
export const links = (categories: Iterable<string>): Html =>
  html`<ul class="chips">
    ${Array.from(categories, (category) => html`<li><a href="${Paths.category(category)}">${label(category)}</a></li>`)}
  </ul>`
