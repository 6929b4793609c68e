import { Effect } from "effect"
import { ok, strictEqual } from "node:assert/strict"
import * as Laws from "../../packages/station/purchase/Laws.ts"
import * as OrderForm from "../../packages/station/purchase/OrderForm.ts"
import * as Shopper from "../../packages/station/purchase/Shopper.ts"
import * as Markdown from "../docs/Markdown.ts"

/** The first lesson of the README: with which card to pay, and which error is then found where. */
const [, card = "", tag = "", path = ""] =
  /pay with ([\d ]{19}), and find `(\w+)` in http:\/\/localhost:8080(\/[\w/]+)/.exec(Markdown.read("README.md")) ?? []

/** Takes that lesson in the shop at this origin; what it does not find is a defect. */
export const taken = Effect.fnUntraced(function* (origin: string) {
  const { cart, shopper } = yield* Laws.filledCart(Effect.sync(() => Shopper.at(origin)))
  const declined = yield* shopper.post("/cart/checkout", OrderForm.of(cart, { credit_card_number: card }))
  strictEqual(declined.status, 402)
  const own = /href="(\/dev\/traces\/\w+)"/.exec(declined.html)?.[1] ?? ""
  for (const page of [path, own]) {
    const { status, text } = yield* shopper.get(page)
    strictEqual(status, 200)
    ok(text.includes(tag), `${page} does not tell of ${tag}`)
    ok(!text.includes(card), `${page} shows the card`)
  }
})
