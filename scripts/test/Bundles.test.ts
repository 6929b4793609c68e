import { type Tier, tiers } from "@retro/process/Tiers"
import { assertTrue } from "@effect/vitest/utils"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, it } from "vitest"
import * as Budgets from "../bench/Budgets.ts"
import { bundle } from "../bundle/Bundle.ts"

const names = Object.keys(tiers) as ReadonlyArray<Tier>

describe("the bundles of the images", () => {
  const folder = mkdtempSync(join(tmpdir(), "retro-bundles-"))
  beforeAll(() => bundle(names, folder), 60_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  for (const name of names) {
    it(`${name} has at most ${Budgets.bundleBytes} bytes`, () => {
      const program = readFileSync(join(folder, name, "dist/main.mjs"))
      assertTrue(program.length <= Budgets.bundleBytes, `${program.length} bytes`)
    })
  }
})
