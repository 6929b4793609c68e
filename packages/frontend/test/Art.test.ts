import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual, strictEqual } from "@effect/vitest/utils"
import { spawnSync } from "node:child_process"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const root = new URL("../../../", import.meta.url)
const at = (path: string) => fileURLToPath(new URL(path, root))
const files = (path: string) => readdirSync(at(path))

describe("what the site shows", () => {
  it("D34: has covers that are all drawn from our own pixel maps, one for each", () => {
    const drawn = files("packages/frontend/art/covers").map((map) => map.replace(/\.txt$/, ""))
    for (const [folder, ending] of [
      ["covers", ".svg"],
      ["social", ".png"]
    ] as const)
      deepStrictEqual(
        files(`packages/frontend/static/${folder}`),
        drawn.map((id) => `${id}${ending}`)
      )
    const { status, stderr } = spawnSync(
      process.execPath,
      ["--import", "tsx", "packages/frontend/art/makeCovers.ts", "--check"],
      { cwd: fileURLToPath(root), encoding: "utf8" }
    )
    deepStrictEqual([stderr, status], ["", 0])
  })

  it("D34: has no other pictures than those, the logo, the favicon and the train", () => {
    const pictures = files("packages/frontend/static").filter((name) => !/\.(css|js)$/.test(name))
    deepStrictEqual(pictures, ["covers", "favicon.svg", "fonts", "logo.svg", "social", "train.svg"])
  })

  it("D34: has fonts as their makers publish them, each beside the licence that lets us", () => {
    for (const name of files("packages/frontend/static/fonts").filter((file) => file.endsWith(".woff2"))) {
      const [, family = "", subset = ""] = /^(press-start-2p|vt323)-(.*)\.woff2$/.exec(name) ?? []
      const published = at(`node_modules/@fontsource/${family}/files/${family}-${subset}-400-normal.woff2`)
      assertTrue(existsSync(published), name)
      assertTrue(readFileSync(published).equals(readFileSync(at(`packages/frontend/static/fonts/${name}`))), name)
      const licence = readFileSync(at(`packages/frontend/static/fonts/${family}-OFL.txt`), "utf8")
      strictEqual(/SIL OPEN FONT LICENSE Version 1\.1/i.test(licence), true)
    }
  })
})
