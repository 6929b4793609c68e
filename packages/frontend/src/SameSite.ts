import type { Request } from "./Request.ts"

/**
 * Whether a form may come from where this one does: our own pages, or a program that is no browser. Browsers say where a
 * request was made in `Sec-Fetch-Site` (W3C Fetch Metadata), older ones in `Origin`.
 */
export const isOwn = ({ headers }: Request): boolean => {
  const site = headers["sec-fetch-site"]
  if (site !== undefined) return site === "same-origin" || site === "none"
  const origin = headers.origin
  return origin === undefined || hostOf(origin) === headers.host
}

/** A path of this site that somebody may be sent back to, or undefined: never another site's, however it is spelt. */
export const ownPath = (text: string): string | undefined => {
  if (plainPath.test(text)) return text
  if (!text.startsWith("/") || !URL.canParse(text, base)) return undefined
  const { host, pathname, search } = new URL(text, base)
  return host === baseHost && !pathname.startsWith("//") ? pathname + search : undefined
}

/** Stays as it is, however it is read. */
const plainPath = /^\/(?:[\w-]+(?:\/[\w-]+)*)?$/

/** The path that the browser says it came from, when that is a page of ours. */
export const refererPath = ({ headers }: Request): string | undefined => {
  const referer = headers.referer
  if (referer === undefined || hostOf(referer) !== headers.host) return undefined
  const { pathname, search } = new URL(referer)
  return ownPath(pathname + search)
}

const baseHost = "shop.invalid"
const base = `http://${baseHost}`

const hostOf = (address: string): string | undefined =>
  URL.canParse(address) && /^https?:/i.test(address) ? new URL(address).host : undefined
