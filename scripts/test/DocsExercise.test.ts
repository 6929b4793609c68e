import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, normalize } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll } from "vitest"
import * as Markdown from "../docs/Markdown.ts"
import { run } from "./Command.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))

/** A change of a file: before the first place where `at` stands, `added` is put in. */
interface Change {
  readonly file: string
  readonly at: string
  readonly added: string
}

const contract = "packages/contract/src"
const importing = (file: string, from: string): Change => ({
  file,
  at: "import ",
  added: `import { GiftCardEmpty } from "${from}"\n`
})

/** The solution of "Add one, led by the compiler" in docs/typed-errors.md. */
const solution: Readonly<Record<string, ReadonlyArray<Change>>> = {
  "Step 1: declare it": [
    {
      file: `${contract}/PaymentService.ts`,
      at: "/** The token is unknown",
      added: `/** Nothing is left on the gift card. Nothing was charged. */
export class GiftCardEmpty extends Failure<GiftCardEmpty>()("GiftCardEmpty", { grpc: "FAILED_PRECONDITION", http: 402 }, {}) {}

`
    },
    {
      file: `${contract}/PaymentService.ts`,
      at: "CardTokenExpired,\n      ChargeVoided",
      added: "GiftCardEmpty,\n      "
    }
  ],
  "Step 2: let it through": [
    importing("packages/checkoutservice/src/PlaceOrder.ts", "@retro/contract/PaymentService"),
    {
      file: "packages/checkoutservice/src/PlaceOrder.ts",
      at: "CardRefused, CardDeclined, PaymentUnavailable)",
      added: "GiftCardEmpty, "
    },
    importing(`${contract}/CheckoutService.ts`, "./PaymentService.ts"),
    { file: `${contract}/CheckoutService.ts`, at: "CardDeclined,\n  PaymentUnavailable", added: "GiftCardEmpty,\n  " }
  ],
  "Step 3: answer": [
    { file: `${contract}/CheckoutFacts.ts`, at: "CardDeclined: refused", added: "GiftCardEmpty: refused,\n  " },
    importing("packages/frontend/src/CheckoutFailure.ts", "@retro/contract/PaymentService"),
    {
      file: "packages/frontend/src/CheckoutFailure.ts",
      at: "CardDeclined: (",
      added: `GiftCardEmpty: () => page(GiftCardEmpty, "Your gift card is empty", "Nothing was charged. Try another card."),\n  `
    },
    importing("scripts/docs/Examples.ts", "@retro/contract/PaymentService"),
    { file: "scripts/docs/Examples.ts", at: "CardDeclined: new", added: "GiftCardEmpty: new GiftCardEmpty(),\n  " },
    importing("packages/station/test/docs/CheckoutFacts.test.ts", "@retro/contract/PaymentService"),
    {
      file: "packages/station/test/docs/CheckoutFacts.test.ts",
      at: "CardDeclined: {",
      added: "GiftCardEmpty: { replaced: { payment: { charge: () => new GiftCardEmpty() } } },\n  "
    }
  ]
}

/** A copy of what the compiler reads, whose packages find each other and nothing of the original. */
const copy = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "retro-exercise-"))
  const isRead = (path: string) => /(^|\/)[^./]+$|\.(ts|json)$/.test(path) && !/node_modules|\/(static|art)$/.test(path)
  for (const name of ["packages", "scripts/docs", "package.json"]) {
    cpSync(join(root, name), join(folder, name), { recursive: true, filter: isRead })
  }
  const tsconfig = {
    extends: join(root, "tsconfig.json"),
    include: ["packages/*/src", "packages/station/test/docs", "scripts/docs"]
  }
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(tsconfig))
  mkdirSync(join(folder, "node_modules/@retro"), { recursive: true })
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (name !== "@retro") symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name))
  }
  for (const name of readdirSync(join(folder, "packages"))) {
    symlinkSync(join(folder, "packages", name), join(folder, "node_modules/@retro", name))
  }
  return folder
}

const folder = copy()
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const change = ({ added, at, file }: Change): void => {
  const text = readFileSync(join(folder, file), "utf8")
  assertTrue(text.includes(at), `${file} has no ${at}`)
  writeFileSync(
    join(folder, file),
    text.replace(at, () => added + at)
  )
}

/** The files in which the compiler finds something wrong. */
const asked = async (): Promise<ReadonlyArray<string>> => {
  const { stdout } = await run(folder, "tsc", "--noEmit", "--pretty", "false")
  return [...new Set(Array.from(stdout.matchAll(/^([\w./-]+)\(\d+,\d+\): error/gm), ([, file = ""]) => file))].sort()
}

/** The files that the guide says it will ask in: the links of the step's list. */
const announced = (step: string): ReadonlyArray<string> => {
  const section = Markdown.read("docs/typed-errors.md").split(`### ${step}\n`)[1]?.split("\n### ")[0] ?? ""
  return Array.from(section.matchAll(/^- \[[\w.]+\]\(([^)]+)\)/gm), ([, target = ""]) =>
    normalize(join("docs", target))
  ).sort()
}

/** What is wrong before anything is changed is no answer to the change. */
const before = await asked()

describe("whoever adds an error is led by the compiler", { timeout: 180_000 }, () => {
  for (const [step, changes] of Object.entries(solution)) {
    it(step, async () => {
      changes.forEach(change)
      deepStrictEqual(
        (await asked()).filter((file) => !before.includes(file)),
        announced(step)
      )
    })
  }
})
