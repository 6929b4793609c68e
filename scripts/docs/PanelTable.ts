import * as Degradation from "@retro/frontend/Degradation"
import { Record } from "effect"
import { table } from "./Table.ts"

/** The table of docs/reliability.md: each panel, what it is without its service, and the pages that have it. */
export const make = (): string =>
  table(
    ["panel", "from", "when that does not answer", "on"],
    Record.toEntries(Degradation.panels).map(([name, { from, importance, words }]) => [
      `\`${name}\`: ${words}`,
      from,
      become[importance],
      pagesWith(name)
    ])
  )

const become: { readonly [I in Degradation.Importance]: string } = {
  critical: "no page, but a 503 that says so",
  fallback: "as it was last read, with its age",
  optional: "left out, and said so"
}

const pagesWith = (panel: Degradation.Name): string =>
  Record.toEntries<string, ReadonlyArray<Degradation.Name>>(Degradation.pages)
    .filter(([, panels]) => panels.includes(panel))
    .map(([path]) => `\`${path}\``)
    .join(", ")
