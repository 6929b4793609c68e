import { readFileSync } from "node:fs"
import * as prettier from "prettier"
import * as ApiPage from "./ApiPage.ts"
import * as CheckoutRulesPage from "./CheckoutRulesPage.ts"
import * as DefectsPage from "./DefectsPage.ts"
import * as ErrorTables from "./ErrorTables.ts"
import * as PanelTable from "./PanelTable.ts"

const root = new URL("../../", import.meta.url)

/** What `npm run docs` writes: each file by its path, as it should be. */
export const files = async (): Promise<ReadonlyMap<string, string>> =>
  new Map([
    ["docs/api.md", await format(ApiPage.make())],
    ["docs/checkout-rules.md", await format(CheckoutRulesPage.make())],
    ["docs/defects.md", await format(DefectsPage.make())],
    ["docs/reliability.md", await format(filled("docs/reliability.md", PanelTable.make()))],
    ["docs/typed-errors.md", await format(filled("docs/typed-errors.md", ErrorTables.make()))]
  ])

const begin = "<!-- Written by `npm run docs` from the contracts. Do not edit. -->"
const end = "<!-- The end of what is written by `npm run docs`. -->"

/** A guide written by hand, with the part between its markers replaced. */
const filled = (path: string, text: string): string => {
  const guide = readFileSync(new URL(path, root), "utf8")
  const [from, to] = [guide.indexOf(begin), guide.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`${path} has lost its markers:\n${begin}\n${end}`)
  return `${guide.slice(0, from + begin.length)}\n\n${text}\n\n${guide.slice(to)}`
}

const format = async (text: string): Promise<string> =>
  prettier.format(text, {
    ...JSON.parse(readFileSync(new URL(".prettierrc.json", root), "utf8")),
    parser: "markdown"
  })
