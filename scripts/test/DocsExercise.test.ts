import { describe, it } from "@effect/vitest"
import { deepStrictEqual } from "@effect/vitest/utils"
import { rmSync } from "node:fs"
import { afterAll } from "vitest"
import * as Exercise from "./Exercise.ts"

const contract = "packages/contract/src"
const importing = (file: string, from: string): Exercise.Change => ({
  file,
  at: "import ",
  added: `import { GiftCardEmpty } from "${from}"\n`
})

/** The solution of "Add one, led by the compiler" in docs/typed-errors.md. */
const solution: Readonly<Record<string, ReadonlyArray<Exercise.Change>>> = {
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

const folder = Exercise.copy()
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What is wrong before anything is changed is no answer to the change. */
const before = await Exercise.asked(folder)

describe("whoever adds an error is led by the compiler", { timeout: 180_000 }, () => {
  for (const [step, changes] of Object.entries(solution)) {
    it(step, async () => {
      changes.forEach((change) => Exercise.change(folder, change))
      deepStrictEqual(
        (await Exercise.asked(folder)).filter((file) => !before.includes(file)),
        Exercise.announced("docs/typed-errors.md", step)
      )
    })
  }
})
