import * as Derived from "../Derived.ts"
import { type Html, html } from "../Html.ts"
import { choices } from "./Field.ts"
import { icon } from "./Icon.ts"
import type { Chrome, Theme } from "./Models.ts"

/** The way home, to a game, to another currency, to other colours and to the cart. */
export const header = (chrome: Chrome): Html =>
  html`<header class="top">
    <div class="wrap">
      <a class="brand" href="/"
        ><img src="${chrome.asset("logo.svg")}" width="48" height="48" alt="" /><span>Retro<br />Station</span></a
      >
      <search>
        <form class="search" action="/search">
          <label class="hidden" for="q">Search the games</label>
          <input
            id="q"
            name="q"
            type="search"
            value="${chrome.searchText}"
            placeholder="Search the games"
            maxlength="200"
            autocomplete="off"
            enterkeyhint="search"
          />
          <button>${icon("search")}<span class="hidden">Search</span></button>
        </form>
      </search>
      ${currency(chrome)} ${theme(chrome)}
      <nav class="shop" aria-label="Your shop">
        <a href="/orders">Orders</a
        ><a class="to-cart" href="/cart">${icon("cart")}<span>Cart</span>${cartSize(chrome.cartSize)}</a>
      </nav>
    </div>
  </header>`

const cartSize = (size: number | null): Html | false =>
  size !== null &&
  html` <span class="count">${size}<span class="hidden">${size === 1 ? " game" : " games"}</span></span>`

const asOptions = Derived.of((options: Chrome["currency"]["options"]) =>
  options.map(({ code, label }) => ({ value: code, label }))
)

const currency = ({ currency: { options, selected }, here }: Chrome): Html =>
  html`<form class="currency" method="post" action="/setCurrency">
    <input type="hidden" name="return_to" value="${here}" />
    <label for="currency_code">Currency</label>
    <select id="currency_code" name="currency_code" data-submit>
      ${choices(asOptions(options))(selected)}
    </select>
    <button>Set</button>
  </form>`

const themes: ReadonlyArray<readonly [Theme, string]> = [
  ["auto", "As the device"],
  ["light", "Light"],
  ["dark", "Dark"]
]

const theme = (chrome: Chrome): Html =>
  html`<form class="theme" method="post" action="/setTheme">
    <input type="hidden" name="return_to" value="${chrome.here}" />
    <fieldset>
      <legend class="hidden">Colours</legend>
      ${themes.map(
        ([name, label]) =>
          html`<button
            name="theme"
            value="${name}"
            aria-pressed="${name === chrome.theme ? "true" : "false"}"
            title="${label}"
          >
            ${icon(name)}<span class="hidden">${label}</span>
          </button>`
      )}
    </fieldset>
  </form>`
