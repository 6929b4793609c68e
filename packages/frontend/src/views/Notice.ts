import { type Html, html } from "../Html.ts"
import type { Notice } from "./Models.ts"

/** What just happened, read out by screen readers; nothing when nothing did. */
export const notice = (said: Notice | undefined): Html | false =>
  said !== undefined &&
  html`<div
    class="notice ${said.tone}"
    role="${said.tone === "bad" ? "alert" : "status"}"
    ${said.tone === "bad" && html`tabindex="-1" autofocus`}
  >
    <h2>${said.heading}</h2>
    <p>${said.text}</p>
    ${said.link !== undefined && html`<p><a href="${said.link.href}">${said.link.text}</a></p>`}
  </div>`
