import type { OrderStatus } from "@retro/contract/CheckoutService"
import { size } from "@retro/domain/Cart"
import { type Html, html } from "../Html.ts"
import * as Layout from "./Layout.ts"
import type { Chrome, OrdersModel } from "./Models.ts"
import { day } from "./Moment.ts"
import { states } from "./OrderPage.ts"
import * as Paths from "./Paths.ts"
import { price } from "./Price.ts"
import { train } from "./Train.ts"

/** The orders of this browser's session. */
export const view = (chrome: Chrome, { hasEarlier, orders }: OrdersModel): Html =>
  Layout.page(
    chrome,
    { title: "Your orders" },
    html`<h1>Your orders</h1>
      ${
        orders.length === 0
          ? html`<p class="nothing">
                ${hasEarlier ? "Nothing came of your latest attempts to order." : "No tickets punched yet."}
              </p>
              ${hasEarlier && unlisted} ${train(chrome)}
              <p class="ways"><a class="button" href="/">See all games</a></p>`
          : html`<ul class="rows">
                ${orders.map(row)}
              </ul>
              ${hasEarlier && unlisted}`
      }`
  )

const unlisted = html`<p>Earlier orders are not listed here.</p>`

const row = ({ order, orderId, state }: OrderStatus): Html =>
  html`<li>
    <a href="${Paths.order(orderId)}"
      >${order === undefined ? `Order ${orderId.slice(0, 8)}` : order.items.map(({ name }) => name).join(", ")}</a
    ><span
      >${order !== undefined && html`${count(size(order.items.map(({ item }) => item)))}, ${day(order.placedAt)}`}</span
    ><span class="state ${state}">${states[state]}</span>${order !== undefined && price(order.total)}
  </li> `

const count = (games: number): string => `${games} ${games === 1 ? "game" : "games"}`
