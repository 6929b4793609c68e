import { describe, it } from "@effect/vitest"
import { assertEquals, deepStrictEqual } from "@effect/vitest/utils"
import { spawn } from "node:child_process"
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { afterAll } from "vitest"
import * as Markdown from "../docs/Markdown.ts"
import { run } from "./Command.ts"
import * as Exercise from "./Exercise.ts"

const page = "docs/adding.md"

const blocks = Markdown.codeBlocks(page).flatMap(({ code, target }) => (target === undefined ? [] : [{ code, target }]))

const folder = Exercise.copy()
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Puts the blocks of the page that go into this file where they belong. */
const put = (file: string): void => {
  for (const { code, target } of blocks) {
    if (target.file !== file) continue
    if (target.before === "") {
      mkdirSync(dirname(join(folder, file)), { recursive: true })
      writeFileSync(join(folder, file), code)
    } else Exercise.change(folder, { file, at: target.before, added: code })
  }
}

/** What is wrong before anything is changed is no answer to the change. */
const before = await Exercise.asked(folder)

const asked = async () => (await Exercise.asked(folder)).filter((file) => !before.includes(file))

describe("whoever adds an rpc is led by the compiler", { timeout: 180_000 }, () => {
  it("Step 1: the proto", async () => {
    put("proto/retrostation/cart.proto")
    const { status, stderr } = await run(folder, "tsx", "scripts/codegen.mjs")
    deepStrictEqual([status, stderr], [0, ""])
    deepStrictEqual(await asked(), Exercise.announced(page, "Step 1: the proto"))
  })

  it("Step 2: the contract", async () => {
    put("packages/contract/src/CartService.ts")
    deepStrictEqual(await asked(), Exercise.announced(page, "Step 2: the contract"))
  })

  it("Step 3: the program", async () => {
    put("packages/cartservice/src/Cart.ts")
    deepStrictEqual(await asked(), Exercise.announced(page, "Step 3: the program"))
  })

  it("Step 4: a caller", async () => {
    put("packages/station/src/Counted.ts")
    deepStrictEqual(await asked(), [])
    const { stderr, stdout } = await run(folder, "tsx", "packages/station/src/Counted.ts")
    assertEquals(stdout.trim().split("\n").at(-1), "{ count: 2 }", stderr)
  })
})

/** Starts a program of the copy on any port, and stops it when it serves; answers how it ended. */
const served = (file: string): Promise<number | null> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ["--import", "tsx", file], {
      cwd: folder,
      env: { PATH: process.env["PATH"], PORT: "0", LOG_FORMAT: "json" },
      stdio: ["ignore", "pipe", "inherit"]
    })
    child.stdout.on("data", (line) => String(line).includes('"message":"serving"') && child.kill("SIGTERM"))
    child.on("close", resolve)
  })

describe("whoever adds a service is led by the compiler", { timeout: 180_000 }, () => {
  it("Step 1: proto and contract", async () => {
    put("proto/retrostation/rating.proto")
    const { status, stderr } = await run(folder, "tsx", "scripts/codegen.mjs")
    deepStrictEqual([status, stderr], [0, ""])
    put("packages/contract/src/RatingService.ts")
  })

  it("Step 2: where it runs", async () => {
    put("packages/process/src/Tiers.ts")
    deepStrictEqual(await asked(), Exercise.announced(page, "Step 2: where it runs"))
  })

  it("Step 3: a folder, a program, a place in the graph", async () => {
    for (const file of ["package.json", "src/Rating.ts", "main.ts"]) put(`packages/ratingservice/${file}`)
    symlinkSync(join(folder, "packages/ratingservice"), join(folder, "node_modules/@retro/ratingservice"))
    put("packages/station/src/ServiceGraph.ts")
    assertEquals(await served("packages/ratingservice/main.ts"), 0)
  })

  it("Step 4: part of the shop", async () => {
    for (const file of ["Station.ts", "Rated.ts"]) put(`packages/station/src/${file}`)
    deepStrictEqual(await asked(), [])
    const { stderr, stdout } = await run(folder, "tsx", "packages/station/src/Rated.ts")
    assertEquals(stdout.trim().split("\n").at(-1), "{ stars: 5 }", stderr)
  })
})
