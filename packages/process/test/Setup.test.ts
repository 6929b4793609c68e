import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { spawnSync } from "node:child_process"
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterEach, beforeEach } from "vitest"

const script = fileURLToPath(new URL("../../../scripts/setup.mjs", import.meta.url))
const effect = { version: "3.22.4", integrity: "sha512-a" }
const otherPlatform = { version: "1.0.0", integrity: "sha512-b", optional: true }
const wanted = { "": {}, "node_modules/effect": effect, "node_modules/tool-for-another-platform": otherPlatform }

/** An npm that notes that it was asked, and installs or fails. */
const npm = (exitCode: number) =>
  `require("node:fs").writeFileSync("asked", process.argv.slice(2).join(" ")); process.exit(${exitCode})`

let folder = ""
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "retro-setup-"))
  mkdirSync(join(folder, "scripts"))
  mkdirSync(join(folder, "node_modules"))
  copyFileSync(script, join(folder, "scripts/setup.mjs"))
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ packages: wanted }))
})
afterEach(() => rmSync(folder, { recursive: true }))

const install = (packages: unknown) =>
  writeFileSync(join(folder, "node_modules/.package-lock.json"), JSON.stringify({ packages }))

const setup = (npmExitCode = 0, ...flags: ReadonlyArray<string>) => {
  writeFileSync(join(folder, "npm.cjs"), npm(npmExitCode))
  rmSync(join(folder, "asked"), { force: true })
  const { status, stderr, stdout } = spawnSync(process.execPath, [...flags, join(folder, "scripts/setup.mjs")], {
    encoding: "utf8",
    env: { ...process.env, npm_execpath: join(folder, "npm.cjs") }
  })
  return { status, said: stdout + stderr, asked: existsSync(join(folder, "asked")) }
}

describe("setup", () => {
  it("does and says nothing when everything is installed, tools for other platforms apart", () => {
    install({ "node_modules/effect": effect })
    deepStrictEqual(setup(), { status: 0, said: "", asked: false })
  })

  it("installs when nothing is, when an installation was interrupted, and when another version is there", () => {
    const { asked, said, status } = setup()
    assertTrue(asked && status === 0)
    assertTrue(/^Installing .*npm ci.*\nInstalled in \d+ s\.\n$/.test(said))

    install({ "node_modules/effect": { ...effect, version: "4.0.0" } })
    assertTrue(setup().asked)
    writeFileSync(join(folder, "node_modules/.package-lock.json"), '{"packages":')
    assertTrue(setup().asked)
  })

  it("fails with npm's exit code, and starts nothing", () => {
    const { said, status } = setup(7)
    assertEquals(status, 7)
    assertTrue(said.includes("npm ci failed"))
  })

  it("names the Node that it needs", () => {
    const old = "data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'18.19.0'}})"
    const { said, status } = setup(0, "--import", old)
    assertEquals(status, 1)
    assertEquals(said, "Retro Station needs Node 20.19 or newer; this is 18.19.0. See https://nodejs.org\n")
  })
})
