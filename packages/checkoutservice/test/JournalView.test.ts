import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import type { Entry } from "../src/JournalStore.ts"
import * as JournalView from "../src/JournalView.ts"

const entry = (steps: Readonly<Record<string, string>>, more: Partial<Entry> = {}): Entry => ({
  id: "order",
  program: "PlaceOrder@1",
  group: "canary",
  fingerprint: "canary",
  input: "canary",
  steps: new Map(Object.entries(steps)),
  parked: false,
  finished: true,
  leasedUntil: undefined,
  attempts: 1,
  begunAt: 0,
  ...more
})

const right = '{"_tag":"Right","right":"canary"}'
const left = (tag: string) => `{"_tag":"Left","left":{"_tag":"${tag}","reason":"canary"}}`

describe("what an operator sees of a journal", () => {
  for (const [state, steps, more] of [
    ["in-flight", { price: right, charge: right }, { finished: false }],
    ["parked", { price: right, charge: left("CardDeclined") }, { finished: false, parked: true }],
    ["done", { price: right, charge: right, ship: right, answer: "canary", "clear-cart": right, mail: right }, {}],
    ["failed", { price: right, charge: left("CardDeclined"), answer: "canary" }, {}],
    [
      "compensated",
      {
        price: right,
        charge: right,
        "give-up:ship": "",
        ship: left("ShippingUnavailable"),
        "undo:charge": right,
        answer: "canary"
      },
      {}
    ]
  ] as const) {
    it(`${state}: the steps in their order, and no value`, () => {
      const backwards = Object.fromEntries(Object.entries(steps).toReversed())
      const view = JournalView.of(entry(backwards, more))
      deepStrictEqual([view.state, view.steps.map(({ name }) => name)], [state, Object.keys(steps)])
      assertTrue(!JSON.stringify(view).includes("canary"))
    })
  }

  it("says which failure a step ended in", () => {
    deepStrictEqual(JournalView.of(entry({ charge: left("CardDeclined"), "give-up:charge": "" })).steps, [
      { name: "give-up:charge", outcome: "given up" },
      { name: "charge", outcome: "failed: CardDeclined" }
    ])
  })
})
