import * as Country from "@retro/domain/Country"
import type { Order, OrderItem } from "@retro/domain/Order"
import { Option } from "effect"
import { type Html, html } from "../Html.ts"
import * as Brand from "./Brand.ts"
import { cover } from "./Cover.ts"
import type { Chrome } from "./Models.ts"
import { moment } from "./Moment.ts"
import * as Paths from "./Paths.ts"
import { price } from "./Price.ts"

/** What was bought, for how much and where it goes: the part of the page that prints. */
export const receipt = (chrome: Chrome, order: Order): Html =>
  html`<section class="ticket receipt" aria-labelledby="receipt">
    <h2 id="receipt">Receipt</h2>
    <dl class="card-facts">
      <div class="wide">
        <dt>Order</dt>
        <dd class="code">${order.orderId}</dd>
      </div>
      <div>
        <dt>Placed</dt>
        <dd>${moment(order.placedAt)}</dd>
      </div>
      <div>
        <dt>Paid with</dt>
        <dd>${Brand.label(order.cardBrand)} ending in ${order.cardLastFour}</dd>
      </div>
      <div>
        <dt>Tracking</dt>
        <dd><a class="code" href="${Paths.track(order.shippingTrackingId)}">${order.shippingTrackingId}</a></dd>
      </div>
      <div class="wide">
        <dt>Goes to</dt>
        <dd>${address(order)}</dd>
      </div>
    </dl>
    <table>
      <thead>
        <tr>
          <th scope="col">Game</th>
          <th scope="col" class="figure">Number</th>
          <th scope="col" class="figure">Price</th>
        </tr>
      </thead>
      <tbody>
        ${order.items.map((item) => line(chrome, item))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" colspan="2">Shipping</th>
          <td class="figure">${price(order.shippingCost)}</td>
        </tr>
        <tr class="total">
          <th scope="row" colspan="2">Total</th>
          <td class="figure">${price(order.total)}</td>
        </tr>
      </tfoot>
    </table>
  </section>`

const line = (chrome: Chrome, { cost, item, lineTotal, name }: OrderItem): Html =>
  html`<tr>
    <th scope="row">
      <div>
        ${cover(chrome, { id: item.productId, name }, "small")}
        <a href="${Paths.product(item.productId)}">${name}</a>
      </div>
    </th>
    <td class="figure">${item.quantity} × ${price(cost)}</td>
    <td class="figure">${price(lineTotal)}</td>
  </tr> `

const address = ({ shippingAddress: to }: Order): Html =>
  html`<address>
    ${[to.recipient, to.streetAddress, `${to.postalCode} ${to.city}`.trim(), to.state, countryOf(to.country)]
      .filter((line) => line !== "")
      .map((line) => html`${line}<br />`)}
  </address>`

/** A country by its name, however it was typed. */
const countryOf = (typed: string): string =>
  Option.match(Country.parse(typed), { onNone: () => typed, onSome: Country.name })
