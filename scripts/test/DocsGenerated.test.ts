import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as Docstrings from "../docs/Docstrings.ts"
import { examples } from "../docs/Examples.ts"
import * as Markdown from "../docs/Markdown.ts"
import { run } from "./Command.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const script = join(root, "scripts/docs/generate.ts")

/** What `npm run docs:check` says of the docs in this folder. */
const check = (folder: string) => run(folder, "tsx", script, "--check")

describe("generated docs", { timeout: 60_000 }, () => {
  it("are what the contracts make", async () => {
    const { status, stderr } = await check(root)
    deepStrictEqual([status, stderr], [0, ""])
  })

  it("are named when they are not", async () => {
    const folder = mkdtempSync(join(tmpdir(), "retro-docs-"))
    try {
      cpSync(join(root, "docs"), join(folder, "docs"), { recursive: true })
      writeFileSync(join(folder, "docs/api.md"), `${Markdown.read("docs/api.md")}more`)
      const { status, stderr } = await check(folder)
      assertEquals(status, 1)
      assertTrue(stderr.includes("docs/api.md") && !stderr.includes("typed-errors.md"))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it("say what every error means", () =>
    deepStrictEqual(
      Object.keys(examples).filter((tag) => Docstrings.read().get(tag) === undefined),
      []
    ))
})
