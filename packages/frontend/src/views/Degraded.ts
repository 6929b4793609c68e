import { type Name, type Notes, panels } from "../Degradation.ts"
import { type Html, html } from "../Html.ts"

/** Says what the page is without, and what of it is as it was before; nothing where all is as it should be. */
export const degraded = (notes: Notes): Html | false => {
  if (notes.size === 0) return false
  const missing = wordsOf(notes, (state) => state === "missing")
  const old = wordsOf(notes, (state) => state !== "missing")
  return html`<div class="notice late" role="status">
    <p>
      ${missing !== "" && `We cannot show ${missing} right now. `}${
        old !== "" && `You see ${old} as of ${ago(notes)} ago. `
      }Everything
      else works.
    </p>
  </div>`
}

const wordsOf = (notes: Notes, isWanted: (state: "missing" | number) => boolean): string => {
  const names: ReadonlyArray<Name> = Array.from(notes.keys()).filter((name) => isWanted(notes.get(name) ?? "missing"))
  return new Intl.ListFormat("en").format(new Set(names.map((name) => panels[name].words)))
}

/** Of the oldest. */
const ago = (notes: Notes): string => {
  const ages = Array.from(notes.values(), (state) => (state === "missing" ? 0 : state))
  const minutes = Math.floor(Math.max(...ages) / 60_000)
  return minutes === 0 ? "a moment" : minutes === 1 ? "a minute" : `${minutes} minutes`
}
