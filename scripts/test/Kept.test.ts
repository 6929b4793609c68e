import { strictEqual } from "@effect/vitest/utils"
import { execFileSync } from "node:child_process"
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, it } from "vitest"
import * as Kept from "../bundle/Kept.mjs"

describe("the bundle of npm start", () => {
  const folder = mkdtempSync(join(tmpdir(), "retro-kept-"))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const [program, part, dist] = [join(folder, "main.ts"), join(folder, "part.ts"), join(folder, "dist")]
  writeFileSync(program, 'import { text } from "./part.ts"\nsetTimeout(() => console.log(text), 200)\n')
  writeFileSync(part, 'export const text: string = "first"\n')

  /** Runs it in a process of its own, and answers what that prints, with whether V8 took what was kept. */
  const runs = () => {
    const code = `const Kept = await import("${new URL("../bundle/Kept.mjs", import.meta.url).href}")
      await Kept.run("${dist}", 50)
      const { script } = await import("${dist}/main.cjs")
      console.log(script.cachedDataRejected)`
    return execFileSync(process.execPath, ["--input-type=module", "--eval", code], { encoding: "utf8" })
  }
  const compiled = () => readdirSync(dist).filter((name) => /^program\.js\../.test(name)).length

  it("is kept, with what V8 compiled for it, until a file that went into it changes", async () => {
    strictEqual(Kept.isCurrent(program, dist), false)
    // Of what changed within the last second, clocks of file systems cannot tell whether it did so before or after.
    do await Kept.write(program, dist)
    while (!Kept.isCurrent(program, dist))
    strictEqual(Kept.isCurrent(part, dist), false)
    strictEqual(runs(), "undefined\nfirst\n")
    strictEqual(compiled(), 1)
    strictEqual(runs(), "false\nfirst\n")

    writeFileSync(part, 'export const text: string = "other"\n')
    strictEqual(Kept.isCurrent(program, dist), false)
    await Kept.write(program, dist)
    strictEqual(compiled(), 0)
    strictEqual(runs(), "undefined\nother\n")
  })
})
