import type { Change } from "./Lesson.ts"

const contract = "packages/contract/src"
const importing = (file: string, from: string): Change => ({
  file,
  at: "import ",
  added: `import { GiftCardEmpty } from "${from}"\n`
})

/** The page, and its exercise "Add one, led by the compiler" solved, step by step. */
export const page = "docs/typed-errors.md"

export const solution: Readonly<Record<string, ReadonlyArray<Change>>> = {
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
