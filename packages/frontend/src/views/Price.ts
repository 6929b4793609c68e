import * as Money from "@retro/domain/Money"
import { type Html, html } from "../Html.ts"

/** An amount as the shopper reads it, with the decimals of its currency; words where it is not known. */
export const price = (amount: Money.Money | null, unknown = "no price right now"): Html =>
  amount === null
    ? html`<span class="price unknown">${unknown}</span>`
    : html`<span class="price">${Money.format(amount)}</span>`
