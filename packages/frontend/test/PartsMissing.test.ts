import { it } from "@effect/vitest"
import { deepStrictEqual, strictEqual } from "@effect/vitest/utils"
import { CallFailed } from "@retro/contract/Contract"
import { Effect, Metric } from "effect"
import { panels } from "../src/Degradation.ts"
import { browser, open } from "./Browser.ts"

const counted = (part: string) =>
  Metric.counter("shop.page.parts_missing", {
    description: "Parts that pages were shown without.",
    incremental: true
  }).pipe(
    Metric.tagged("part", part),
    Metric.value,
    Effect.map(({ count }) => count)
  )

const parts = Object.keys(panels)
const all = Effect.forEach(parts, counted)

it.scopedLive("every part that a page is shown without is counted, and nothing else is", () =>
  Effect.gen(function* () {
    const silent = Effect.fail(new CallFailed({ path: "/", code: 14 }))
    const missing = Effect.fnUntraced(function* (rpc: string, path: string) {
      const shop = yield* open()
      const { get, post } = browser(shop)
      yield* post("/setCurrency", { currency_code: "EUR" })
      yield* post("/cart", { product_id: "OLJCESPC7Z", quantity: "1" })
      const before = yield* all
      strictEqual((yield* get(path)).status, 200)
      deepStrictEqual(yield* all, before)
      shop.tiers.instead.set(rpc, silent)
      strictEqual((yield* get(path)).status, 200)
      return (yield* all).flatMap((count, index) => (count > (before[index] ?? 0) ? [parts[index]] : []))
    })
    deepStrictEqual(yield* missing("Recommendation.listRecommendations", "/product/OLJCESPC7Z"), ["recommendations"])
    deepStrictEqual(yield* missing("Currency.convertBatch", "/cart"), ["cart-prices"])
    deepStrictEqual(yield* missing("Shipping.getQuote", "/cart"), ["shipping"])
    deepStrictEqual(yield* missing("Cart.getCart", "/product/OLJCESPC7Z"), ["cart-size"])
  })
)
