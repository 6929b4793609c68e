import { type Html, html } from "../Html.ts"

/** A text with the words of a query marked in it, whatever their case. */
export const highlight = (text: string, query: string): Html => {
  const words = wordsOf(query)
  if (words === undefined) return html`${text}`
  const parts = text.split(words)
  return html`${parts.map((part, index) => (index % 2 === 1 ? html`<mark>${part}</mark>` : html`${part}`))}`
}

/** The part of a text around the first word of a query in it, cut between words; undefined where none is in it. */
export const excerpt = (text: string, query: string): string | undefined => {
  const words = wordsOf(query)
  const found = words === undefined ? -1 : text.search(words)
  if (found < 0) return undefined
  const from = found < 24 ? 0 : text.lastIndexOf(" ", found - 20) + 1
  const to = text.indexOf(" ", found + 36)
  return `${from > 0 ? "…" : ""}${text.slice(from, to < 0 ? undefined : to)}${to < 0 ? "" : "…"}`
}

const wordsOf = (query: string): RegExp | undefined => {
  const words = query.split(/\s+/).filter((word) => word !== "")
  return words.length === 0 ? undefined : new RegExp(`(${words.map(literally).join("|")})`, "iu")
}

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")
