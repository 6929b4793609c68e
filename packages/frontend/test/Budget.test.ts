import { it } from "@effect/vitest"
import { assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import * as CallContext from "@retro/contract/CallContext"
import { CallFailed } from "@retro/contract/Contract"
import { Clock, Effect } from "effect"
import { browser, open } from "./Browser.ts"

const silent = new CallFailed({ path: "x", code: 14 })

/** Writes down how many seconds a call has left, and fails it. */
const leftIn = (seconds: Array<number>) =>
  Effect.zipWith(
    CallContext.Current,
    Clock.currentTimeMillis,
    ({ deadline }, now) => void seconds.push(Math.ceil((deadline - now) / 1000))
  ).pipe(Effect.zipRight(silent))

it.scopedLive("D7: a page's calls share five seconds, and an order has eleven of its own", () =>
  Effect.gen(function* () {
    const shop = yield* open()
    const shopper = browser(shop)
    yield* shopper.post("/cart", { product_id: "OLJCESPC7Z", quantity: "1" })
    const [page, order]: [Array<number>, Array<number>] = [[], []]
    shop.tiers.instead.set("Cart.getCart", leftIn(page))
    yield* shopper.get("/cart")
    shop.tiers.instead.set("Checkout.placeOrder", leftIn(order))
    yield* shopper.post("/cart/checkout", {
      email: "someone@example.com",
      street_address: "1 Main St",
      zip_code: "01234",
      city: "Springfield",
      country: "US",
      credit_card_number: "4432801561520454",
      credit_card_expiration_month: "1",
      credit_card_expiration_year: "2039",
      credit_card_cvv: "672"
    })
    assertTrue(page.length > 0 && page.every((seconds) => seconds <= 5))
    deepStrictEqual(order, [11])
  })
)
