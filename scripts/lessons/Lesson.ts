import { ok } from "node:assert/strict"
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join, normalize } from "node:path"
import * as Markdown from "../docs/Markdown.ts"

/** A change of a file: before the first place where `at` stands, `added` is put in. A file of nothing else has no `at`. */
export interface Change {
  readonly file: string
  readonly at: string
  readonly added: string
}

/** What a reader of a step puts into files: the blocks below its heading that say where they go. */
export const changes = (page: string, step: string): ReadonlyArray<Change> =>
  Markdown.codeBlocksBelow(page, step).flatMap(({ code, target }) =>
    target === undefined ? [] : [{ file: target.file, at: target.before, added: code }]
  )

/** Makes a change in a copy of the repository. */
export const make = (folder: string, { added, at, file }: Change): void => {
  const path = join(folder, file)
  if (at === "") {
    mkdirSync(dirname(path), { recursive: true })
    return writeFileSync(path, added)
  }
  const text = readFileSync(path, "utf8")
  ok(text.includes(at), `${file} has no ${at}`)
  writeFileSync(
    path,
    text.replace(at, () => added + at)
  )
}

/** The files that a step says the compiler will ask in: the links of its list. */
export const announced = (page: string, step: string): ReadonlyArray<string> =>
  Array.from(Markdown.below(page, step).matchAll(/^- \[[\w.]+\]\(([^)]+)\)/gm), ([, target = ""]) =>
    normalize(join(dirname(page), target))
  ).sort()

/** The files in which the compiler found something wrong. */
export const asked = (printed: string): ReadonlyArray<string> =>
  [...new Set(Array.from(printed.matchAll(/^([\w./-]+)\(\d+,\d+\): error/gm), ([, file = ""]) => file))].sort()
