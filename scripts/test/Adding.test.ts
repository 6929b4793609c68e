import { describe, it } from "@effect/vitest"
import { assertEquals, deepStrictEqual } from "@effect/vitest/utils"
import { spawn } from "node:child_process"
import { rmSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { afterAll } from "vitest"
import * as Lesson from "../lessons/Lesson.ts"
import { run } from "./Command.ts"
import * as Exercise from "./Exercise.ts"

const page = "docs/adding.md"

const folder = Exercise.copy()
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Does what a step of the page says. */
const put = (step: string): void => Lesson.changes(page, step).forEach((change) => Lesson.make(folder, change))

/** What is wrong before anything is changed is no answer to the change. */
const before = await Exercise.asked(folder)

const asked = async () => (await Exercise.asked(folder)).filter((file) => !before.includes(file))

const isLed = async (step: string) => deepStrictEqual(await asked(), Lesson.announced(page, step))

const generated = async () => {
  const { status, stderr } = await run(folder, "tsx", "scripts/codegen.mjs")
  deepStrictEqual([status, stderr], [0, ""])
}

const prints = async (line: string, program: string) => {
  const { stderr, stdout } = await run(folder, "tsx", program)
  assertEquals(stdout.trim().split("\n").at(-1), line, stderr)
}

describe("whoever adds an rpc is led by the compiler", { timeout: 180_000 }, () => {
  for (const step of ["Step 1: the proto", "Step 2: the contract", "Step 3: the program", "Step 4: a caller"]) {
    it(step, async () => {
      put(step)
      if (step === "Step 1: the proto") await generated()
      await isLed(step)
    })
  }

  it("and calls it through a socket", () => prints("{ count: 2 }", "packages/station/src/Counted.ts"))
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
    put("Step 1: proto and contract")
    await generated()
    await isLed("Step 1: proto and contract")
  })

  it("Step 2: where it runs", async () => {
    put("Step 2: where it runs")
    await isLed("Step 2: where it runs")
  })

  it("Step 3: a folder, a program, a place in the graph", async () => {
    put("Step 3: a folder, a program, a place in the graph")
    symlinkSync(join(folder, "packages/ratingservice"), join(folder, "node_modules/@retro/ratingservice"))
    assertEquals(await served("packages/ratingservice/main.ts"), 0)
  })

  it("Step 4: part of the shop", async () => {
    put("Step 4: part of the shop")
    await isLed("Step 4: part of the shop")
    await prints("{ stars: 5 }", "packages/station/src/Rated.ts")
  })
})
