import type { Html } from "./Html.ts"

/** What is sent back: a status, headers with lower-case names, and a body where there is one. */
export interface Response {
  readonly status: number
  readonly headers: Readonly<Record<string, string | ReadonlyArray<string>>>
  readonly body: string | Uint8Array
}

const contentSecurityPolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  // Our script asks for nothing; auditors such as Lighthouse read /robots.txt from within a page.
  "connect-src 'self'",
  "frame-src 'self'",
  "frame-ancestors 'none'",
  "form-action 'self'",
  "base-uri 'none'",
  "object-src 'none'"
].join("; ")

/** What every answer says to the browser that shows it. */
const common = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
  "cross-origin-resource-policy": "same-origin"
}

const pageHeaders = {
  ...common,
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": contentSecurityPolicy,
  "cross-origin-opener-policy": "same-origin",
  "cache-control": "private, no-cache"
}

/** A page. */
export const page = (status: number, html: Html): Response => ({ status, headers: pageHeaders, body: String(html) })

/** "See other": what a form leads to, so that reloading does not send it again. `path` is one of this site. */
export const seeOther = (path: string): Response => ({
  status: 303,
  headers: { ...common, location: path, "cache-control": "no-store" },
  body: ""
})

/** A line of text. */
export const text = (status: number, body: string): Response => ({
  status,
  headers: { ...common, "content-type": "text/plain; charset=utf-8", "cache-control": "no-cache" },
  body
})

/** A document that somebody else wrote, shown without any rights: no scripts, no forms, nothing loaded. */
export const sandboxed = (markup: string): Response => ({
  status: 200,
  headers: {
    ...common,
    "content-type": "text/html; charset=utf-8",
    "content-security-policy":
      "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'",
    "cache-control": "private, no-store"
  },
  body: markup
})

/** The same answer with more headers, which win over those it has. */
export const withHeaders = ({ body, headers, status }: Response, more: Response["headers"]): Response => ({
  status,
  headers: Object.assign({}, headers, more),
  body
})

/** The same answer, over TLS: from now on the browser asks in no other way (RFC 6797). */
export const overTls = (response: Response): Response =>
  withHeaders(response, { "strict-transport-security": "max-age=31536000" })

/** The same answer that sets cookies, beside those it sets already. */
export const withCookies = (response: Response, cookies: ReadonlyArray<string>): Response =>
  cookies.length === 0
    ? response
    : withHeaders(response, { "set-cookie": [...(response.headers["set-cookie"] ?? []), ...cookies] })
