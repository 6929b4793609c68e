import { Html, html, type Json } from "../Html.ts"
import { degraded } from "./Degraded.ts"
import { footer } from "./Footer.ts"
import { header } from "./Header.ts"
import type { Chrome } from "./Models.ts"

/** What a page says of itself to browsers, search engines and whoever shares it. */
export interface Head {
  readonly title: string
  readonly description?: string
  /** Path of the one address that counts; a page without one asks not to be indexed. */
  readonly canonical?: string
  /** The product that pictures it where it is shared. */
  readonly game?: string
  /** A file of styles that other pages do without. */
  readonly styles?: string
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
        <main id="main" tabindex="-1">${degraded(chrome.degraded)}${main}</main>
        <p class="hidden" id="said" role="status"></p>
        ${footer(chrome)}
      </body>
    </html> `

const headOf = (chrome: Chrome, head: Head): Html => {
  const description =
    head.description ?? "Retro Station sells retro games for machines that never were, delivered to your platform."
  const address = head.canonical === undefined ? undefined : `${chrome.origin}${head.canonical}`
  return html`<head>
    <meta charset="utf-8" />
    ${shownWhole}
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
    <meta property="og:image" content="${chrome.origin}${chrome.asset(`social/${head.game ?? nightTrain}.png`)}" />
    <meta property="og:image:width" content="1200" />
    <meta property="og:image:height" content="630" />
    <meta name="twitter:card" content="summary_large_image" />
    <link rel="preload" href="${chrome.asset("fonts/vt323-latin.woff2")}" as="font" type="font/woff2" crossorigin />
    <link
      rel="preload"
      href="${chrome.asset("fonts/press-start-2p-latin.woff2")}"
      as="font"
      type="font/woff2"
      crossorigin
    />
    <link rel="stylesheet" href="${chrome.asset("style.css")}" />
    ${head.styles !== undefined && html`<link rel="stylesheet" href="${chrome.asset(head.styles)}" />`}
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

/** Nothing is painted before the content is there: half a header that is completed while one looks at it moves. */
const shownWhole = html`<link rel="expect" href="#main" blocking="render" />`

/** Pictures every other page: a train at a platform. */
const nightTrain = "1YMWWN1N4O"

/** Colours the top of the page; an SVG attribute, because the content security policy allows no styles in markup. */
const canary = (color: string | undefined): Html | false =>
  color !== undefined &&
  html`<svg class="canary" width="100%" height="8" aria-hidden="true">
    <rect width="100%" height="8" fill="${color}" />
  </svg>`
