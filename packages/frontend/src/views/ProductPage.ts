import { dayOf } from "./Moment.ts"
import { isPayable, type Money, toNanos } from "@retro/domain/Money"
import { maxQuantity } from "@retro/domain/Cart"
import type { Product } from "@retro/domain/Product"
import { BigDecimal } from "effect"
import { type Html, html, type Json } from "../Html.ts"
import { cover } from "./Cover.ts"
import * as Genre from "./Genre.ts"
import * as Layout from "./Layout.ts"
import type { Chrome, ProductModel } from "./Models.ts"
import * as Paths from "./Paths.ts"
import { price } from "./Price.ts"
import { recommendations } from "./ProductCard.ts"

/** One game: what it is, what it costs, and the way into the cart. */
export const view = (chrome: Chrome, model: ProductModel): Html => {
  const { product } = model
  return Layout.page(
    chrome,
    {
      title: product.name,
      description: product.description,
      canonical: Paths.product(product.id),
      game: product.id,
      data: data(chrome, product, model.price)
    },
    html`<nav class="crumbs" aria-label="Breadcrumb">
        <ol>
          <li><a href="/">All games</a></li>
          <li><a href="${Paths.platform(product.platform)}">${product.platform}</a></li>
          <li aria-current="page">${product.name}</li>
        </ol>
      </nav>
      <article class="product">
        <div class="shelf">${cover(chrome, product, "large", "eager")}</div>
        <div class="about">
          <h1>${product.name}</h1>
          <p class="story">${product.description}</p>
          ${buy(model)} ${facts(product)}
        </div>
      </article>
      ${recommendations(chrome, model.recommendations)}`
  )
}

const buy = ({ price: amount, product, quantity, quantityError, rateDate }: ProductModel): Html =>
  html`<form class="ticket buy" method="post" action="/cart">
    <input type="hidden" name="product_id" value="${product.id}" />
    <p class="fare">
      ${price(amount, "We cannot say the price right now")}${
        rateDate !== undefined && html`<small>at the rate of ${dayOf(rateDate)}</small>`
      }
    </p>
    <div class="field quantity">
      <label for="quantity">How many</label>
      ${quantityError !== undefined && html`<p class="error" id="quantity-error">${quantityError}</p>`}
      <input
        id="quantity"
        name="quantity"
        type="number"
        inputmode="numeric"
        min="1"
        max="${maxQuantity}"
        value="${quantity ?? "1"}"
        required
        autocomplete="off"
        ${quantityError !== undefined && html`aria-invalid="true" aria-describedby="quantity-error" autofocus`}
      />
    </div>
    <button class="primary">Add to cart</button>
  </form>`

const facts = (product: Product): Html =>
  html`<dl class="card-facts">
    <div>
      <dt>Platform</dt>
      <dd><a href="${Paths.platform(product.platform)}">${product.platform}</a></dd>
    </div>
    <div>
      <dt>Year</dt>
      <dd>${product.year}</dd>
    </div>
    <div>
      <dt>Players</dt>
      <dd>${product.players === 1 ? "1" : `1–${product.players}`}</dd>
    </div>
    <div>
      <dt>Weight</dt>
      <dd>${product.weightGrams} g</dd>
    </div>
    <div class="wide">
      <dt>Genre</dt>
      <dd>${Genre.links(product.categories)}</dd>
    </div>
  </dl>`

/** The game as schema.org knows games, with an offer once there is a price. */
const data = (chrome: Chrome, product: Product, price: Money | null): Json => ({
  "@context": "https://schema.org",
  "@type": ["VideoGame", "Product"],
  name: product.name,
  description: product.description,
  image: `${chrome.origin}${chrome.asset(`covers/${product.id}.svg`)}`,
  sku: product.id,
  gamePlatform: product.platform,
  genre: [...product.categories],
  ...(price !== null &&
    isPayable(price) && {
      offers: {
        "@type": "Offer",
        price: BigDecimal.format(BigDecimal.make(toNanos(price), 9)),
        priceCurrency: price.currencyCode,
        availability: "https://schema.org/InStock",
        url: `${chrome.origin}${Paths.product(product.id)}`
      }
    })
})
