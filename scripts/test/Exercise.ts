import { assertTrue } from "@effect/vitest/utils"
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, normalize } from "node:path"
import { fileURLToPath } from "node:url"
import * as Markdown from "../docs/Markdown.ts"
import { run } from "./Command.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))

/** A change of a file: before the first place where `at` stands, `added` is put in. */
export interface Change {
  readonly file: string
  readonly at: string
  readonly added: string
}

/** A copy of what the compiler reads, whose packages find each other and nothing of the original. */
export const copy = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "retro-exercise-"))
  const isRead = (path: string) =>
    /(^|\/)[^./]+$|\.(ts|mjs|json|proto|yaml|lua)$/.test(path) && !/node_modules|\/(static|art)$/.test(path)
  for (const name of ["packages", "proto", "scripts/docs", "scripts/codegen.mjs", "package.json", "buf.gen.yaml"]) {
    cpSync(join(root, name), join(folder, name), { recursive: true, filter: isRead })
  }
  const tsconfig = {
    extends: join(root, "tsconfig.json"),
    include: ["packages/*/src", "packages/station/test/docs", "scripts/docs"]
  }
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(tsconfig))
  mkdirSync(join(folder, "node_modules/@retro"), { recursive: true })
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (name !== "@retro") symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name))
  }
  for (const name of readdirSync(join(folder, "packages"))) {
    symlinkSync(join(folder, "packages", name), join(folder, "node_modules/@retro", name))
  }
  return folder
}

/** Makes a change in a copy. */
export const change = (folder: string, { added, at, file }: Change): void => {
  const text = readFileSync(join(folder, file), "utf8")
  assertTrue(text.includes(at), `${file} has no ${at}`)
  writeFileSync(
    join(folder, file),
    text.replace(at, () => added + at)
  )
}

/** The files of a copy in which the compiler finds something wrong. */
export const asked = async (folder: string): Promise<ReadonlyArray<string>> => {
  // Checks again only what a change may concern: what it knows is kept in the copy.
  const { stdout } = await run(folder, "tsc", "--noEmit", "--pretty", "false", "--incremental")
  return [...new Set(Array.from(stdout.matchAll(/^([\w./-]+)\(\d+,\d+\): error/gm), ([, file = ""]) => file))].sort()
}

/** The files that a step of a guide says the compiler will ask in: the links of the step's list. */
export const announced = (page: string, step: string): ReadonlyArray<string> => {
  const section =
    Markdown.read(page)
      .split(`### ${step}\n`)[1]
      ?.split(/\n##+ /)[0] ?? ""
  return Array.from(section.matchAll(/^- \[[\w.]+\]\(([^)]+)\)/gm), ([, target = ""]) =>
    normalize(join("docs", target))
  ).sort()
}
