import type { IncomingMessage, ServerResponse } from "node:http"
import type { Rank } from "./Admission.ts"
import { html } from "./Html.ts"

/** Probes and files are cheap; a form that orders, and the page of an order, are about what was begun before. */
export const rankOf = ({ url = "/" }: Pick<IncomingMessage, "url">): Rank => {
  if (url === "/_healthz" || url.startsWith("/static/")) return "always"
  return url === "/cart/checkout" || url.startsWith("/order/") ? "first" : "last"
}

/**
 * Says that there is too much to do right now. On a connection that is kept the bytes, made once, go straight to the
 * socket, and node is told that the response is finished: its own way makes a head for each and writes in two pieces.
 */
export const answer = (outgoing: ServerResponse): void => {
  const { req, shouldKeepAlive, socket } = outgoing
  if (socket === null || !shouldKeepAlive || req.method === "HEAD") {
    outgoing.writeHead(503, headers)
    return void outgoing.end(page, "latin1")
  }
  socket.write(response, "latin1")
  outgoing.emit("finish")
}

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

/** Nothing on this page loads, runs or is kept. */
const headers = {
  "content-type": "text/html; charset=utf-8",
  "content-length": String(page.length),
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'",
  "cache-control": "no-store",
  "retry-after": "2"
}

/** The same as bytes: a connection that is kept says so to HTTP/1.0, and an error needs no date (RFC 9110 section 6.6.1). */
export const response =
  "HTTP/1.1 503 Service Unavailable\r\n" +
  Object.entries({ ...headers, connection: "keep-alive" })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("") +
  `\r\n${page}`
