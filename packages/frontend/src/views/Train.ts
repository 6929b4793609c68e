import { type Html, html } from "../Html.ts"
import type { Chrome } from "./Models.ts"

/** The shop's own train, which pulls in wherever there is nothing else to look at. */
export const train = (chrome: Chrome): Html =>
  html`<img class="train" src="${chrome.asset("train.svg")}" width="384" height="84" alt="" />`
