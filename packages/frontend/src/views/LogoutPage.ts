import { type Html, html } from "../Html.ts"
import * as Layout from "./Layout.ts"
import type { Chrome } from "./Models.ts"

/** Asks whether the session should be forgotten; asking changes nothing. */
export const view = (chrome: Chrome): Html =>
  Layout.page(
    chrome,
    { title: "Leave the station?" },
    html`<h1>Leave the station?</h1>
      <p>
        We forget this browser: your cart and the list of your orders go with it. Orders already placed still arrive.
      </p>
      <form class="ways" method="post" action="/logout">
        <button class="primary">Forget me</button> <a class="button" href="/">Stay</a>
      </form>`
  )
