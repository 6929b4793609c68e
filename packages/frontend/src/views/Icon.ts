import { Record } from "effect"
import { Html, html } from "../Html.ts"

/** Pixel drawings on a grid of 12 × 12, in the colour of the text. */
const drawings = {
  cart: "M0 1h2v1h1v1h9v4h-1v1h-7v1h7v1h-8v-7h-1v-1h-2zM3 10h2v2h-2zM9 10h2v2h-2z",
  search:
    "M3 0h4v1h2v2h1v4h-1v1h1v1h1v1h1v2h-2v-1h-1v-1h-1v-1h-1v1h-4v-1h-2v-2h-1v-4h1v-2h2zM3 2v1h-1v4h1v1h4v-1h1v-4h-1v-1z",
  auto: "M3 0h6v1h2v2h1v6h-1v2h-2v1h-6v-1h-2v-2h-1v-6h1v-2h2zM6 2h-3v1h-1v6h1v1h3z",
  light:
    "M5 0h2v2h-2zM5 10h2v2h-2zM0 5h2v2h-2zM10 5h2v2h-2zM1 1h2v2h-2zM9 1h2v2h-2zM1 9h2v2h-2zM9 9h2v2h-2zM4 3h4v1h1v4h-1v1h-4v-1h-1v-4h1z",
  dark: "M4 0h4v1h-1v1h-1v1h-1v4h1v1h1v1h3v-1h1v-1h1v2h-1v1h-1v1h-2v1h-4v-1h-2v-1h-1v-1h-1v-5h1v-2h1v-1h2z",
  tick: "M10 2h2v2h-1v1h-1v1h-1v1h-1v1h-1v1h-1v1h-2v-1h-1v-1h-1v-1h-1v-1h-1v-2h2v1h1v1h1v1h2v-1h1v-1h1v-1h1v-1h1v-1z"
} as const

/** A decoration: the words stand beside it. */
export const icon = (name: keyof typeof drawings): Html => icons[name]

const icons = Record.map(
  drawings,
  (drawing) =>
    html`<svg class="icon" viewBox="0 0 12 12" width="24" height="24" aria-hidden="true" shape-rendering="crispEdges">
      <path fill="currentColor" fill-rule="evenodd" d="${Html.raw(drawing)}" />
    </svg>`
)
