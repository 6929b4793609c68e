import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll } from "vitest"
import * as Markdown from "../docs/Markdown.ts"
import { run } from "./Command.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const blocks = Markdown.pages
  .flatMap(Markdown.codeBlocks)
  // What a reader puts into a file is put there by the exercises.
  .filter(({ language, target }) => language === "ts" && target === undefined)
const excerpts = blocks.flatMap(({ at, code, source }) => (source === undefined ? [] : [{ at, code, ...source }]))

/** A block that says of no file that it is taken from it is a whole module. */
const modules = blocks
  .filter(({ source }) => source === undefined)
  .map(({ at, code }) => ({ at, code, file: `${at.replace(/[^\w]+/g, "-")}.ts` }))

/** Every module in a folder that finds the packages of the house. */
const extract = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "retro-docs-"))
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"))
  for (const { code, file } of modules) writeFileSync(join(folder, file), code)
  const tsconfig = {
    extends: join(root, "tsconfig.json"),
    compilerOptions: { noUnusedLocals: false, typeRoots: [join(root, "node_modules/@types")] },
    include: ["*.ts"]
  }
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }))
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(tsconfig))
  return folder
}

/** Lines as they stand, but for how far all of them are moved to the right. */
const unindented = (text: string): string => {
  const lines = text.replace(/\n+$/, "").split("\n")
  const margin = Math.min(...lines.filter((line) => line !== "").map((line) => line.search(/\S/)))
  return lines.map((line) => line.slice(margin)).join("\n")
}

const contains = (file: string, excerpt: string): boolean => {
  const [lines, wanted] = [Markdown.read(file).split("\n"), unindented(excerpt)]
  const height = wanted.split("\n").length
  return lines.some((_line, from) => unindented(lines.slice(from, from + height).join("\n")) === wanted)
}

const folder = extract()
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe("code in the docs", () => {
  it("is there to be checked", () => assertTrue(modules.length >= 9 && excerpts.length >= 5))

  for (const { at, code, file, name } of excerpts) {
    it(`${at} stands in ${file} as it is`, () => {
      assertTrue(code.includes(name), `it does not show ${name}`)
      assertTrue(contains(file, code), `${file} reads otherwise by now`)
    })
  }

  it("compiles", { timeout: 120_000 }, async () => {
    const { stdout } = await run(folder, "tsc", "--noEmit", "--pretty", "false")
    const places = new Map(modules.map(({ at, file }) => [file, at]))
    deepStrictEqual(
      stdout
        .split("\n")
        .filter((line) => line.includes("error TS"))
        .map((line) => line.replace(/^[\w-]+\.ts/, (file) => places.get(file) ?? file)),
      []
    )
  })
})

// A module with tests in it adds them here; one without is at least evaluated.
for (const { at, file } of modules) {
  describe(at, async () => {
    await import(/* @vite-ignore */ join(folder, file))
    it("runs", () => {})
  })
}
