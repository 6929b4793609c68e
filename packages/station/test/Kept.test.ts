import { describe, it } from "@effect/vitest"
import { deepStrictEqual, strictEqual } from "@effect/vitest/utils"
import { OrderStatus } from "@retro/contract/CheckoutService"
import { Effect } from "effect"
import { open } from "../../frontend/test/Browser.ts"
import { orderId } from "../../frontend/test/Tiers.ts"
import * as Kept from "../pods/Kept.ts"
import * as Shopper from "../purchase/Shopper.ts"
import * as Crowd from "../rolling/Crowd.ts"
import type { Truth } from "./Truth.ts"

const done: Truth = { charges: 1, parcels: 1, mails: 1, paid: true, shipped: true, mailed: true }
const nothing: Truth = { charges: 0, parcels: 0, mails: 0, paid: false, shipped: false, mailed: false }

describe("an order of which a shopper was told", () => {
  it.scopedLive.each([
    ["completed", "fine"],
    ["failed", "failed"],
    ["in-progress", "in progress"],
    ["parked", "in progress"]
  ] as const)("is read from its page: %s is %s", ([state, says]) =>
    Effect.gen(function* () {
      const shop = yield* open()
      const [payment, shipment, email] = ["pending", "pending", "pending"] as const
      const status = new OrderStatus({ orderId, state, payment, shipment, email, order: undefined, failure: "" })
      shop.tiers.instead.set("Checkout.getOrder", Effect.succeed({ status }))
      deepStrictEqual(Crowd.says(yield* Shopper.at(shop.url).get(`/order/${orderId}`)), says)
    })
  )

  const fine: ReadonlyArray<readonly [boolean, string, Truth]> = [
    [true, "done, each once", done],
    [true, "done, and written about again", { ...done, mails: 2 }],
    [false, "not done at all", nothing],
    [false, "charged twice", { ...done, charges: 2 }],
    [false, "paid back", { ...done, paid: false }],
    [false, "shipped twice", { ...done, parcels: 2 }],
    [false, "not shipped", { ...done, parcels: 0, shipped: false }],
    [false, "never written about", { ...done, mails: 0, mailed: false }]
  ]
  it.each(fine)("that it is fine, is kept (%s) where it was %s", (kept, _what, truth) => {
    strictEqual(Kept.is({ failed: false }, truth), kept)
  })

  const failed: ReadonlyArray<readonly [boolean, string, Truth]> = [
    [true, "not done at all", nothing],
    [true, "charged and paid back", { ...nothing, charges: 1 }],
    [false, "charged", { ...nothing, charges: 1, paid: true }],
    [false, "written about", { ...nothing, mails: 1, mailed: true }],
    [false, "done all the same", done]
  ]
  it.each(failed)("that it did not go through, is as it was told (%s) where it was %s", (kept, _what, truth) => {
    deepStrictEqual(Kept.is({ failed: true }, truth), kept)
  })
})
