import { readdirSync, readFileSync } from "node:fs"

/** What a class of the contract says of itself, and the file it stands in. */
export interface Docstring {
  readonly file: string
  readonly text: string
}

const folder = "packages/contract/src"
const declaration = /\/\*\*((?:(?!\*\/)[^])*)\*\/\nexport class (\w+) extends (?:Failure|Contract\.Tag)</g

/** The docstrings of the errors and services of the contract, by the names of their classes. */
export const read = (): ReadonlyMap<string, Docstring> => {
  const source = new URL(`../../${folder}/`, import.meta.url)
  const files = readdirSync(source).filter((name) => name.endsWith(".ts"))
  return new Map(
    files.flatMap((name) =>
      Array.from(
        readFileSync(new URL(name, source), "utf8").matchAll(declaration),
        ([, comment = "", className = ""]) =>
          [className, { file: `${folder}/${name}`, text: proseOf(comment) }] as const
      )
    )
  )
}

const proseOf = (comment: string): string =>
  comment
    .replace(/^\s*\*\s?/gm, "")
    .replace(/\{@link (\w+)\}/g, "`$1`")
    .trim()
    .replace(/\s*\n\s*/g, " ")
