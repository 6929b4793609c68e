import { type Html, html } from "../Html.ts"
import * as Layout from "./Layout.ts"
import type { Chrome, ErrorModel } from "./Models.ts"

/** What went wrong, in a sentence, and where to go from here. */
export const view = (chrome: Chrome, model: ErrorModel): Html =>
  Layout.page(
    chrome,
    { title: model.heading },
    html`<div class="trouble">
      <p class="flaps" aria-hidden="true">${[...String(model.status)].map((digit) => html`<span>${digit}</span>`)}</p>
      <h1>${model.heading}</h1>
      <p>${model.sentence}</p>
      <p class="announcement">${announcement(model.status)}</p>
      <p class="ways">${ways(model).map(({ href, label }) => html`<a class="button" href="${href}">${label}</a>`)}</p>
      <p class="meta">If you write to us about it, mention request <code>${chrome.footer.requestId}</code>.</p>
    </div>`
  )

const ways = ({ ways }: ErrorModel): ErrorModel["ways"] =>
  ways.length > 0
    ? ways
    : [
        { href: "/", label: "See all games" },
        { href: "/cart", label: "Go to your cart" }
      ]

const announcement = (status: number): string => {
  switch (status) {
    case 403:
      return "The conductor has looked at your ticket from both sides."
    case 404:
      return "The train now arriving at this platform does not exist. Please stand well back from the void."
    case 409:
      return "Somebody pulled the points while the train was on them."
    case 413:
      return "Your luggage does not fit under the seat."
    case 429:
      return "Please let other passengers press the button too."
    case 503:
      return "Leaves on the line. The signalman knows."
  }
  return status >= 500
    ? "A cartridge has come loose. Somebody is already blowing on it."
    : "Please hold the line and try another button."
}
