import type { IncomingMessage, ServerResponse } from "node:http"
import type { Rank } from "./Admission.ts"
import { html } from "./Html.ts"

/** Probes and files are cheap; a form that orders, and the page of an order, are about what was begun before. */
export const rankOf = ({ url = "/" }: Pick<IncomingMessage, "url">): Rank => {
  if (url === "/_healthz" || url.startsWith("/static/")) return "always"
  return url === "/cart/checkout" || url.startsWith("/order/") ? "first" : "last"
}

/** Says that there is too much to do right now: the cheapest answer there is, made once. */
export const answer = (outgoing: ServerResponse): void => {
  outgoing.writeHead(503, headers)
  outgoing.end(page, "latin1")
}

/** Text of ASCII: node writes it in one piece with the head, which halves what a refusal costs. */
const page = String(
  html`<!doctype html>
    <html lang="en">
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width" />
      <title>Very full - Retro Station</title>
      <h1>The platform is very full right now</h1>
      <p>Your cart and your orders are safe. Please try again in a few seconds.</p>
    </html> `
)

/** As a list: node copies it as it is. Nothing on this page loads, runs or is kept. */
const headers = Object.entries({
  "content-type": "text/html; charset=utf-8",
  "content-length": String(page.length),
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'",
  "cache-control": "no-store",
  "retry-after": "2"
}).flat()
