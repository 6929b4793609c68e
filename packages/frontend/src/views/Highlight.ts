import { type Html, html } from "../Html.ts"

/** A text with the words of a query marked in it, whatever their case. */
export const highlight = (text: string, query: string): Html => {
  const words = query.split(/\s+/).filter((word) => word !== "")
  if (words.length === 0) return html`${text}`
  const parts = text.split(new RegExp(`(${words.map(literally).join("|")})`, "iu"))
  return html`${parts.map((part, index) => (index % 2 === 1 ? html`<mark>${part}</mark>` : html`${part}`))}`
}

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")
