import { maxQuantity } from "@retro/domain/Cart"
import * as Money from "@retro/domain/Money"
import type { Product } from "@retro/domain/Product"
import { Either, Option } from "effect"
import { type Html, html } from "../Html.ts"
import * as CheckoutForm from "./CheckoutForm.ts"
import { cover } from "./Cover.ts"
import { choices } from "./Field.ts"
import * as Layout from "./Layout.ts"
import type { CartLine, CartModel, Chrome } from "./Models.ts"
import { notice } from "./Notice.ts"
import * as Paths from "./Paths.ts"
import { price } from "./Price.ts"
import { train } from "./Train.ts"
import { recommendations } from "./ProductCard.ts"

/** What is in the cart, what it costs, and the form that buys it. */
export const view = (chrome: Chrome, model: CartModel): Html =>
  Layout.page(
    chrome,
    { title: titleOf(model), canonical: "/cart" },
    html`${(model.lines.length > 0 && CheckoutForm.problems(model.form, model.notice)) || notice(model.notice)}
      ${model.removed !== undefined && removed(model.removed)}
      <h1>Your cart</h1>
      ${model.lines.length === 0 ? nothing(chrome) : cart(chrome, model)}
      ${recommendations(chrome, model.recommendations)}`
  )

/** With the number of games: what a screen reader says first after each change. */
const titleOf = ({ lines }: CartModel): string => {
  const games = lines.reduce((sum, { quantity }) => sum + quantity, 0)
  return games === 0 ? "Your cart is empty" : `Your cart, ${games} ${games === 1 ? "game" : "games"}`
}

const nothing = (chrome: Chrome): Html =>
  html`<p class="nothing">The luggage rack is empty. Room for something heavy, then.</p>
    ${train(chrome)}
    <p class="ways"><a class="button" href="/">See all games</a></p>`

const removed = ({ product, quantity }: { readonly product: Product; readonly quantity: number }): Html =>
  html`<div class="notice good undo">
    <p role="status">${product.name} is out of your cart.</p>
    <form method="post" action="/cart">
      <input type="hidden" name="product_id" value="${product.id}" />
      <input type="hidden" name="quantity" value="${quantity}" />
      <button>Put it back</button>
    </form>
  </div>`

const cart = (chrome: Chrome, model: CartModel): Html =>
  html`<div class="checkout">
    <section class="luggage" aria-labelledby="games">
      <h2 id="games">Games</h2>
      <ul class="lines">
        ${model.lines.map((line) => lineOf(chrome, line))}
      </ul>
      <form class="ways" method="post" action="/cart/empty"><button class="quiet">Empty the cart</button></form>
    </section>
    ${totals(model)} ${CheckoutForm.form(model.form, model.version, chrome.currency.selected, model.total)}
  </div>`

const lineOf = (chrome: Chrome, line: CartLine): Html => {
  const { price: each, product, productId, quantity } = line
  if (product === null) {
    return html`<li class="gone">
      <p><strong>This game has left the catalogue.</strong> Take it out to order the rest.</p>
      ${remove(productId, "the game that is gone")}
    </li> `
  }
  return html`<li>
    ${cover(chrome, product, "small", "eager")}
    <div class="what">
      <h3><a href="${Paths.product(product.id)}">${product.name}</a></h3>
      <p class="meta">${product.platform}</p>
      <p>${price(each)}${each !== null && html` <span class="meta">each</span>`}</p>
    </div>
    <div class="change">
      <form method="post" action="/cart/update">
        <input type="hidden" name="product_id" value="${product.id}" />
        <label class="hidden" for="quantity-${product.id}">How many of ${product.name}</label>
        <input
          id="quantity-${product.id}"
          name="quantity"
          type="number"
          inputmode="numeric"
          min="0"
          max="${maxQuantity}"
          value="${quantity}"
          required
          autocomplete="off"
        />
        <button>Update<span class="hidden"> ${product.name}</span></button>
      </form>
      ${remove(product.id, product.name)}
    </div>
    <p class="sum"><span class="hidden">Together </span>${price(line.lineTotal)}</p>
  </li> `
}

const remove = (productId: string, name: string): Html =>
  html`<form method="post" action="/cart/update">
    <input type="hidden" name="product_id" value="${productId}" /><input type="hidden" name="quantity" value="0" />
    <button class="quiet">Remove<span class="hidden"> ${name}</span></button>
  </form>`

const totals = (model: CartModel): Html =>
  html`<section class="ticket totals" aria-labelledby="total">
    <h2 id="total">The fare</h2>
    <dl>
      <div>
        <dt>Games</dt>
        <dd>${price(subtotal(model), "not known yet")}</dd>
      </div>
      <div>
        <dt>Shipping</dt>
        <dd>${shipping(model)}</dd>
      </div>
      <div class="total">
        <dt>Total</dt>
        <dd>${price(model.total, "not known yet")}</dd>
      </div>
    </dl>
    ${model.total === null && html`<p>${missing(model)}</p>`} ${model.form.countries.length > 0 && destination(model)}
  </section>`

/** All lines together, in the currency they are all in. */
const subtotal = ({ lines }: CartModel): Money.Money | null => {
  const sums = lines.flatMap(({ lineTotal }) => lineTotal ?? [])
  const [first] = sums
  return first === undefined || sums.length < lines.length
    ? null
    : Option.getOrNull(Either.getRight(Money.sum(first.currencyCode, sums)))
}

const shipping = ({ shipping }: CartModel): Html => {
  switch (shipping.kind) {
    case "quoted":
      return price(shipping.cost)
    case "not-served":
      return html`<span class="price unknown">not there</span>`
    case "unavailable":
      return html`<span class="price unknown">not known right now</span>`
  }
}

const missing = ({ lines, shipping }: CartModel): string =>
  lines.some(({ product }) => product === null)
    ? "Take the missing game out, then you can order."
    : shipping.kind === "not-served"
      ? "Our rails do not reach that country. Choose another one, in the form or here."
      : "We cannot say the whole price right now, so we take no orders. Your cart is safe: try again in a minute."

/** Asks for a quote to another country: the same page, by GET. */
const destination = ({ form }: CartModel): Html =>
  html`<form class="destination" action="/cart">
    <label for="destination">Ship to</label>
    <select id="destination" name="country" autocomplete="off" data-submit>
      <option value="">Choose…</option>
      ${choices(CheckoutForm.countries(form.countries))(form.values.country ?? "")}
    </select>
    <button>Quote</button>
  </form>`
