import type { CurrencyCode } from "@retro/domain/Currency"
import * as Money from "@retro/domain/Money"
import { Effect } from "effect"
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict"
import * as OrderForm from "./OrderForm.ts"
import type * as Shopper from "./Shopper.ts"

/**
 * What holds of buying in any shop of ours, as far as the website shows it: asked of new shoppers, who come one by one.
 * A law that does not hold is a defect that says what was there instead.
 */
export type Law = (newShopper: Effect.Effect<Shopper.Shopper>) => Effect.Effect<void>

/** A shopper whose cart holds three and two of two games, and the page of that cart. */
export const filledCart = Effect.fnUntraced(function* (newShopper: Effect.Effect<Shopper.Shopper>, currency = "USD") {
  const shopper = yield* newShopper
  yield* shopper.get("/")
  yield* shopper.post("/setCurrency", { currency_code: currency, return_to: "/" })
  yield* shopper.post("/cart", { product_id: "OLJCESPC7Z", quantity: "3" })
  yield* shopper.post("/cart", { product_id: "9SIQT8TOJO", quantity: "2" })
  return { shopper, cart: yield* shopper.get("/cart") }
})

/** How the shop writes the total of a cart page. */
const amountOf = (cart: Shopper.Page, currency: CurrencyCode) =>
  Money.fromNanos(currency, OrderForm.shownTotal(cart)).pipe(
    Effect.orDie,
    Effect.map((total) => Money.format(total).replace(/\u00a0/g, " "))
  )

const submit = (shopper: Shopper.Shopper, form: Record<string, string>) => shopper.post("/cart/checkout", form)

/** Is asked for nothing but a page, and shows games, a search's hit, a game, and no game that there is not. */
export const browsing: Law = Effect.fnUntraced(function* (newShopper) {
  const shopper = yield* newShopper
  const home = yield* shopper.get("/")
  deepStrictEqual([home.status, home.text.includes("Skarn Light")], [200, true])
  const found = yield* shopper.get("/search?q=scarab")
  deepStrictEqual([found.text.includes("Sir Scarab"), found.text.includes("Gastropost")], [true, false])
  strictEqual((yield* shopper.get("/product/OLJCESPC7Z")).status, 200)
  strictEqual((yield* shopper.get("/product/NOSUCHGAME")).status, 404)
})

/** What the cart shows is what the order says was paid; the cart is empty, the order is listed, its parcel can be tracked. */
export const order =
  (currency: CurrencyCode): Law =>
  (newShopper) =>
    Effect.gen(function* () {
      const { cart, shopper } = yield* filledCart(newShopper, currency)
      const placed = yield* submit(shopper, OrderForm.of(cart))
      strictEqual(placed.status, 303)
      const page = yield* shopper.get(placed.location ?? "")
      const amount = yield* amountOf(cart, currency)
      for (const { text } of [cart, page]) ok(text.includes(amount), `no ${amount} in: ${text}`)
      ok((yield* shopper.get("/cart")).text.includes("0 games"), "the cart is not empty")
      ok((yield* shopper.get("/orders")).html.includes(placed.location ?? "?"), "the order is not listed")
      const tracked = /\/track\/[A-Z0-9]+/.exec(page.html)?.[0] ?? ""
      strictEqual((yield* shopper.get(tracked)).status, 200)
    })

/** A double click and a reload are one order. */
export const onlyOnce: Law = Effect.fnUntraced(function* (newShopper) {
  const { cart, shopper } = yield* filledCart(newShopper)
  const form = OrderForm.of(cart)
  const clicks = yield* Effect.all([submit(shopper, form), submit(shopper, form), submit(shopper, form)], {
    concurrency: 3
  })
  const reload = yield* submit(shopper, form)
  const places = new Set([...clicks, reload].map(({ location }) => location))
  deepStrictEqual([places.size, places.has(null)], [1, false])
})

/** A cart that another tab changed is not bought at the total that this one showed, but at the new one. */
export const changedElsewhere: Law = Effect.fnUntraced(function* (newShopper) {
  const { cart, shopper } = yield* filledCart(newShopper, "EUR")
  yield* shopper.post("/cart", { product_id: "2ZYFJ3GM2N", quantity: "1" })
  const changed = yield* submit(shopper, OrderForm.of(cart))
  strictEqual(changed.status, 409)
  ok(changed.html.includes(OrderForm.typed.city), "what was typed is gone")
  ok(OrderForm.shownTotal(changed) > OrderForm.shownTotal(cart), "the new total is not shown")
  const placed = yield* submit(shopper, OrderForm.of(changed))
  strictEqual(placed.status, 303)
  const { text } = yield* shopper.get(placed.location ?? "")
  ok(text.includes(yield* amountOf(changed, "EUR")), "another total was paid than the new one")
})

/** A declined card is said to be one and not shown again; what else was typed stays, and a better card orders. */
export const declined: Law = Effect.fnUntraced(function* (newShopper) {
  const { cart, shopper } = yield* filledCart(newShopper)
  const person = { name: "Łucja O'Brien", city: "Łódź" }
  const number = OrderForm.cards.insufficientFunds
  const refused = yield* submit(shopper, OrderForm.of(cart, { ...person, credit_card_number: number }))
  strictEqual(refused.status, 402)
  deepStrictEqual([refused.html.includes(person.city), refused.html.includes(number)], [true, false])
  ok(!refused.html.includes(`${OrderForm.typed.credit_card_cvv}"`), "the security code is shown")
  strictEqual((yield* submit(shopper, OrderForm.of(refused, person))).status, 303)
})

/** An order is its session's alone. */
export const ownOrders: Law = Effect.fnUntraced(function* (newShopper) {
  const { cart, shopper } = yield* filledCart(newShopper)
  const placed = yield* submit(shopper, OrderForm.of(cart))
  strictEqual(placed.status, 303)
  const stranger = yield* newShopper
  strictEqual((yield* stranger.get(placed.location ?? "")).status, 404)
})

/** All of them, by what they say. */
export const all: Readonly<Record<string, Law>> = {
  "games are shown and found, and nothing else": browsing,
  "in dollars, what the cart shows is what the order says": order("USD"),
  "in euros, too": order("EUR"),
  "in yen, too": order("JPY"),
  "a double click and a reload are one order": onlyOnce,
  "a cart changed in another tab is bought at its new total": changedElsewhere,
  "a declined card loses nothing that was typed, and a better one orders": declined,
  "an order is its session's alone": ownOrders
}
