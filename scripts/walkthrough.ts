// Does in an empty clone what the README and the docs tell a newcomer to do, by their own commands and code blocks:
// `npm run walkthrough`. Runs the shop, sees a declined card's error in its traces, swaps a layer in a test, adds a typed
// error and an rpc where the compiler asks for them. Exits with 1 at the first thing that is not as it is written.
import { Effect } from "effect"
import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict"
import { readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as Markdown from "./docs/Markdown.ts"
import * as DeclinedCard from "./lessons/DeclinedCard.ts"
import * as Lesson from "./lessons/Lesson.ts"
import * as TypedError from "./lessons/TypedError.ts"
import * as Ports from "./services/Ports.ts"
import * as Clone from "./walkthrough/Clone.ts"

const began = performance.now()
const seconds = () => `${((performance.now() - began) / 1000).toFixed(0)} s`.padStart(5)
const say = (text: string) => console.log(`${seconds()}  ${text}`)

const folder = await Clone.make()
say(`an empty clone of the last commit, ${folder}`)

/** Runs a command that a page tells, and wants it to end like that. */
const run = async (page: string, command: string, wanted = 0) => {
  const { printed, status } = await Clone.run(folder, page, command)
  strictEqual(status, wanted, `${command} ended with ${status}:\n${printed}`)
  return printed
}

/** Puts a text in the place of another in a file of the clone. */
const replace = (file: string, from: string, to: string) => {
  const text = readFileSync(join(folder, file), "utf8")
  ok(text.includes(from), `${file} has no ${from}`)
  writeFileSync(join(folder, file), text.replace(from, to))
}

/** Does a step, and asks the compiler where it leads. */
const step = async (page: string, name: string, changes: ReadonlyArray<Lesson.Change>, more?: string) => {
  changes.forEach((change) => Lesson.make(folder, change))
  if (more !== undefined) await run(page, more)
  const asks = Lesson.announced(page, name)
  const printed = await run(page, "npm run check", asks.length === 0 ? 0 : 1)
  deepStrictEqual(Lesson.asked(printed), asks)
  if (asks.length === 0) strictEqual(printed.replace(/^>.*$/gm, "").trim(), "")
  say(`  ${name}: the compiler asks ${asks.length === 0 ? "for nothing more" : `in ${asks.join(", ")}`}`)
}

const runTheShop = async () => {
  const told = "npm start -- --port 9000"
  ok(Markdown.read("README.md").includes(told))
  const port = await Effect.runPromise(Ports.free(9000, new Set()))
  const shop = Clone.start(folder, told.replace("9000", String(port)))
  await shop.says(/shop +http:\/\/localhost:\d+/)
  const origin = `http://localhost:${port}`
  strictEqual((await fetch(origin)).status, 200)
  say(`  the first page, at ${origin}`)
  await Effect.runPromise(DeclinedCard.taken(origin))
  say("  a declined card: its error is in the traces, the card is not")
  await shop.stop()
  await rejects(fetch(origin))
  say("  Ctrl-C: closed")
}

const swapALayer = async () => {
  const page = "docs/swap-a-layer.md"
  const heading = "In five minutes"
  const told = Markdown.below(page, heading)
  const [, name = "", where = ""] = /file `([\w.]+)` of `([\w./]+)`/.exec(told) ?? []
  const file = join(where, name)
  const [block] = Markdown.codeBlocksBelow(page, heading)
  writeFileSync(join(folder, file), block?.code ?? "")
  await run(page, "npx vitest run Mine")
  say("  a shop whose payments decline: passed")
  const [, declining = "", full = "", split = ""] =
    /`(\S+)` becomes `(\S+)`[^]*`(Scenario\.\w+\([^`]*Station\.split\))`/.exec(told) ?? []
  replace(file, declining, full)
  await run(page, "npx vitest run Mine", 1)
  say("  a shop full of stock instead: the test fails, as it should")
  replace(file, full, split)
  const [line = ""] = /import \* as Station .*"/.exec(told) ?? []
  replace(file, "import {", `${line}\nimport {`)
  await run(page, "npx vitest run Mine")
  say("  over gRPC at every hop: passed")
}

const addAnError = async () => {
  const { page, solution } = TypedError
  for (const [name, changes] of Object.entries(solution)) await step(page, name, changes)
  const tests = "npx vitest run grpc/test/Errors CheckoutFacts"
  const fixtures = "packages/grpc/test/fixtures/errors.json"
  const [line = ""] = /^ *"GiftCardEmpty": \{.*\}/m.exec(await run(page, tests, 1)) ?? []
  const text = readFileSync(join(folder, fixtures), "utf8")
  writeFileSync(join(folder, fixtures), text.replace(/\n\}\s*$/, `,\n${line}\n}\n`))
  await run(page, tests)
  say("  its encoding is committed, and what it means for an order is seen to be so")
  await run(page, "npm run docs")
  for (const path of [page, "docs/api.md"]) ok(readFileSync(join(folder, path), "utf8").includes("GiftCardEmpty"), path)
  say("  it stands in the docs")
}

const addAnRpc = async () => {
  const page = "docs/adding.md"
  for (const name of ["Step 1: the proto", "Step 2: the contract", "Step 3: the program", "Step 4: a caller"]) {
    await step(page, name, Lesson.changes(page, name), name === "Step 1: the proto" ? "npm run codegen" : undefined)
  }
  const printed = await run(page, "npx tsx packages/station/src/Counted.ts")
  strictEqual(printed.trim().split("\n").at(-1), "{ count: 2 }")
  say("  called through a socket: { count: 2 }")
  await run(page, "npm run docs")
  ok(readFileSync(join(folder, "docs/api.md"), "utf8").includes("CountItems"))
  say("  it stands in the docs")
}

const lessons = {
  "run the shop, and see a declined card's error in its traces": runTheShop,
  "swap a layer in a test": swapALayer,
  "add a typed error, led by the compiler": addAnError,
  "add an rpc, end to end": addAnRpc
}

try {
  for (const [name, lesson] of Object.entries(lessons)) {
    say(name)
    await lesson()
  }
  rmSync(folder, { recursive: true, force: true })
  say("All of it is as it is written.")
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  say(`Not as it is written. The clone is left in ${folder}`)
  process.exit(1)
}
