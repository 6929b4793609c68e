import { type Tier, tiers } from "@retro/process/Tiers"
import { assertTrue } from "@effect/vitest/utils"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, it } from "vitest"
import * as Budgets from "../bench/Budgets.ts"
import * as AtStart from "../bundle/AtStart.ts"
import { bundle } from "../bundle/Bundle.ts"

const names = Object.keys(tiers) as ReadonlyArray<Tier>

describe("the bundles of the images", () => {
  const folder = mkdtempSync(join(tmpdir(), "retro-bundles-"))
  beforeAll(() => bundle(names, folder), 60_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  for (const name of names) {
    it(`${name} reads at most ${Budgets.bundleBytes} bytes to start`, () => {
      const read = [...AtStart.filesOf(join(folder, name, "dist/main.mjs"))].map((file) => readFileSync(file))
      const bytes = read.reduce((sum, { length }) => sum + length, 0)
      assertTrue(bytes <= Budgets.bundleBytes, `${bytes} bytes`)
    })
  }
})
