import { Html, html, type Json } from "../Html.ts"
import { choice } from "./Field.ts"
import { icon } from "./Icon.ts"
import type { Chrome, Platform, Theme } from "./Models.ts"

/** What a page says of itself to browsers, search engines and whoever shares it. */
export interface Head {
  readonly title: string
  readonly description?: string
  /** Path of the one address that counts; a page without one asks not to be indexed. */
  readonly canonical?: string
  /** Path of a file under static/ that pictures it. */
  readonly image?: string
  /** schema.org data. */
  readonly data?: Json
}

/** A whole document around the content of `main`. */
export const page = (chrome: Chrome, head: Head, main: Html): Html =>
  html`<!doctype html>
    <html lang="en" data-theme="${chrome.theme}">
      ${headOf(chrome, head)}
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        ${canary(chrome.bannerColor)} ${header(chrome)}
        <main id="main" tabindex="-1">${main}</main>
        ${footer(chrome)}
      </body>
    </html> `

const headOf = (chrome: Chrome, head: Head): Html => {
  const description =
    head.description ?? "Retro Station sells retro games for machines that never were, delivered to your platform."
  const address = head.canonical === undefined ? undefined : `${chrome.origin}${head.canonical}`
  return html`<head>
    <meta charset="utf-8" />
    <title>${head.title} · Retro Station</title>
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="description" content="${description}" />
    <meta name="color-scheme" content="${chrome.theme === "auto" ? "light dark" : chrome.theme}" />
    <meta name="theme-color" content="#16142f" />
    ${
      address === undefined
        ? html`<meta name="robots" content="noindex" />`
        : html`<link rel="canonical" href="${address}" /> <meta property="og:url" content="${address}" />`
    }
    <meta property="og:site_name" content="Retro Station" />
    <meta property="og:type" content="website" />
    <meta property="og:title" content="${head.title}" />
    <meta property="og:description" content="${description}" />
    <meta property="og:image" content="${chrome.origin}${chrome.asset(head.image ?? "logo.svg")}" />
    <link rel="preload" href="${chrome.asset("fonts/vt323-latin.woff2")}" as="font" type="font/woff2" crossorigin />
    <link
      rel="preload"
      href="${chrome.asset("fonts/press-start-2p-latin.woff2")}"
      as="font"
      type="font/woff2"
      crossorigin
    />
    <link rel="stylesheet" href="${chrome.asset("style.css")}" />
    <link rel="icon" href="${chrome.asset("favicon.svg")}" type="image/svg+xml" />
    <script src="${chrome.asset("station.js")}" defer></script>
    ${
      head.data !== undefined &&
      html`<script type="application/ld+json">
        ${Html.json(head.data)}
      </script>`
    }
  </head>`
}

/** Colours the top of the page; an SVG attribute, because the content security policy allows no styles in markup. */
const canary = (color: string | undefined): Html | false =>
  color !== undefined &&
  html`<svg class="canary" width="100%" height="8" aria-hidden="true">
    <rect width="100%" height="8" fill="${color}" />
  </svg>`

const header = (chrome: Chrome): Html =>
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
      <nav class="shop" aria-label="Your shop">
        <a href="/orders">Orders</a
        ><a class="to-cart" href="/cart">${icon("cart")}<span>Cart</span>${cartSize(chrome.cartSize)}</a>
      </nav>
      ${currency(chrome)} ${theme(chrome)}
    </div>
  </header>`

const cartSize = (size: number | null): Html | false =>
  size !== null &&
  html` <span class="count">${size}<span class="hidden">${size === 1 ? " game" : " games"}</span></span>`

const currency = ({ currency: { options, selected }, here }: Chrome): Html =>
  html`<form class="currency" method="post" action="/setCurrency">
    <input type="hidden" name="return_to" value="${here}" />
    <label for="currency_code">Currency</label>
    <select id="currency_code" name="currency_code" data-submit>
      ${options.map(({ code, label }) => choice({ value: code, label }, selected))}
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

const platforms: Readonly<Record<Platform, string>> = {
  local: "This machine",
  gcp: "Google Cloud",
  aws: "AWS",
  azure: "Azure",
  onprem: "On premises",
  alibaba: "Alibaba Cloud"
}

const footer = ({ development, footer }: Chrome): Html =>
  html`<footer class="bottom">
    <div class="wrap">
      <nav aria-label="More">
        <a href="/">All games</a><a href="/search">Search</a><a href="/orders">Your orders</a
        ><a href="/logout">Forget me</a>${development && html`<a href="/dev/mail">Dev mailbox</a>`}
      </nav>
      <p>Every game, machine and maker here is invented, and so is the railway.</p>
      <dl class="facts">
        ${
          footer.platform !== undefined &&
          html`<div>
            <dt>Runs on</dt>
            <dd><span class="flag flag-${footer.platform}">${platforms[footer.platform]}</span></dd>
          </div>`
        }
        ${
          footer.where !== undefined &&
          html`<div>
            <dt>Served by</dt>
            <dd>${footer.where}</dd>
          </div>`
        }
        <div>
          <dt>Request</dt>
          <dd>${footer.requestId}</dd>
        </div>
        <div>
          <dt>Session</dt>
          <dd>${footer.sessionHash}</dd>
        </div>
        <div>
          <dt>Version</dt>
          <dd>${footer.version}</dd>
        </div>
      </dl>
    </div>
  </footer>`
