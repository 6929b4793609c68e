import { layer } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import * as Money from "@retro/domain/Money"
import { HttpServer } from "@retro/frontend/HttpServer"
import { Effect } from "effect"
import * as Station from "../src/Station.ts"
import * as Shop from "./Shop.ts"
import * as Shopper from "../purchase/Shopper.ts"
import * as Laws from "../purchase/Laws.ts"
import * as OrderForm from "../purchase/OrderForm.ts"

/** A name, an address and a city that are not ASCII; a postal code that is no number. */
const person = {
  email: "łucja.o'brien@example.com",
  name: "Łucja O'Brien",
  street_address: "東京都千代田区 1-1",
  zip_code: "00123",
  city: "Łódź"
}

const shoppers = Effect.map(HttpServer, ({ port }) => Effect.sync(() => Shopper.make(port)))

const filledCart = (currency: string) => Effect.flatMap(shoppers, (newShopper) => Laws.filledCart(newShopper, currency))

const orderForm = (cart: Shopper.Page, changes: Record<string, string> = {}) =>
  OrderForm.of(cart, { ...person, ...changes })

/** A law of buying in any shop, and that so many charges are made by what it does. */
const charging = Effect.fnUntraced(function* (charges: number, law: Laws.Law) {
  const before = (yield* Shop.Charges).length
  yield* law(yield* shoppers)
  assertEquals((yield* Shop.Charges).length - before, charges)
})

const currencies = ["USD", "EUR", "JPY", "GBP", "TRY", "CAD", "HUF", "KRW", "IDR", "ISK", "CHF"]

const wirings = [
  ["fused", Station.fused],
  ["split over gRPC", Station.split]
] as const

for (const [name, wiring] of wirings) {
  layer(Shop.layer(wiring), { excludeTestServices: true })(`a purchase in the shop ${name}`, (it) => {
    it.effect("browsing, searching, a filled cart, an order, its e-mail", () =>
      Effect.gen(function* () {
        const shopper = yield* yield* shoppers
        const home = yield* shopper.get("/")
        assertEquals(home.status, 200)
        assertTrue(home.text.includes("Skarn Light") && home.text.includes("$19.99"))
        const found = yield* shopper.get("/search?q=scarab")
        assertTrue(found.text.includes("Sir Scarab") && !found.text.includes("Gastropost"))
        const added = yield* shopper.post("/cart", { product_id: "66VCHSJNUP", quantity: "2" })
        deepStrictEqual([added.status, added.location], [303, "/cart"])

        const cart = yield* shopper.get("/cart")
        assertTrue(cart.text.includes("$37.98") && cart.text.includes("$46.97"))
        const placed = yield* shopper.post("/cart/checkout", orderForm(cart))
        assertEquals(placed.status, 303)
        const order = yield* shopper.get(placed.location ?? "")
        assertTrue(
          order.text.includes("$46.97") && order.text.includes("Łucja O'Brien") && order.text.includes("00123")
        )
        assertTrue((yield* shopper.get("/cart")).text.includes("0 games"))
        assertTrue((yield* shopper.get("/orders")).html.includes(placed.location ?? "?"))

        const mails = yield* shopper.get("/dev/mail")
        assertTrue(mails.text.includes(person.email))
        const tracked = /\/track\/[A-Z0-9]+/.exec(order.html)?.[0] ?? ""
        assertEquals((yield* shopper.get(tracked)).status, 200)
      })
    )

    for (const currency of currencies) {
      it.effect(
        `D1, D11, R12: in ${currency} product page, cart, order, e-mail and charge agree to the minor unit`,
        () =>
          Effect.gen(function* () {
            const { cart, shopper } = yield* filledCart(currency)
            const product = yield* shopper.get("/product/OLJCESPC7Z")
            const placed = yield* shopper.post("/cart/checkout", orderForm(cart))
            assertEquals(placed.status, 303)
            const order = yield* shopper.get(placed.location ?? "")
            const charged = (yield* Shop.Charges).at(-1)
            assertTrue(charged !== undefined && charged.currencyCode === currency && Money.isPayable(charged))
            assertEquals(Money.toNanos(charged), OrderForm.shownTotal(cart))

            const total = Money.format(charged).replace(/\u00a0/g, " ")
            for (const page of [cart, order]) assertTrue(page.text.includes(total))
            const mail = yield* latestMail(shopper)
            assertTrue(mail.text.includes(total))
            const unit = amounts(product, currency)[0] ?? ""
            assertTrue(cart.text.includes(unit) && order.text.includes(unit) && mail.text.includes(unit))
          })
      )
    }

    it.effect("D4: a double click and a reload are one order", () => charging(1, Laws.onlyOnce))

    it.effect(
      "a cart changed in another tab: 409 with the new total, nothing charged, then an order at that total",
      () => charging(1, Laws.changedElsewhere)
    )

    it.effect("D21, R5: a declined card is 402, keeps what was typed but the card, and a better card orders once", () =>
      charging(1, Laws.declined)
    )

    it.effect("D12, D21: each bad card is 422 beside its field, nothing charged", () =>
      Effect.gen(function* () {
        const { cart, shopper } = yield* filledCart("USD")
        const before = (yield* Shop.Charges).length
        for (const [field, value] of badCards) {
          const refused = yield* shopper.post("/cart/checkout", orderForm(cart, { [field]: value }))
          deepStrictEqual([field, value, refused.status], [field, value, 422])
        }
        assertEquals((yield* Shop.Charges).length, before)
      })
    )

    it.effect(
      "a program that sends only address and card orders at the current price, and a repetition orders once",
      () =>
        Effect.gen(function* () {
          const { shopper } = yield* filledCart("JPY")
          const before = (yield* Shop.Charges).length
          const first = yield* shopper.post("/cart/checkout", { ...OrderForm.typed, ...person })
          const second = yield* shopper.post("/cart/checkout", { ...OrderForm.typed, ...person })
          assertEquals(first.status, 303)
          assertEquals(second.location, first.location)
          assertEquals((yield* Shop.Charges).length - before, 1)
        })
    )

    it.effect(
      "R5: another country than the quote was for: 409 with the shipping there, then an order at that total",
      () =>
        Effect.gen(function* () {
          const { cart, shopper } = yield* filledCart("USD")
          const abroad = yield* shopper.post("/cart/checkout", orderForm(cart, { country: "PL" }))
          assertEquals(abroad.status, 409)
          assertTrue(OrderForm.shownTotal(abroad) > OrderForm.shownTotal(cart))
          assertEquals((yield* shopper.post("/cart/checkout", orderForm(abroad, { country: "PL" }))).status, 303)
        })
    )

    it.effect("an order is its session's alone", () => charging(1, Laws.ownOrders))
  })
}

const badCards: ReadonlyArray<readonly [string, string]> = [
  ["credit_card_number", "4432801561520455"],
  ["credit_card_number", "abcd"],
  ["credit_card_number", "0000000000000000"],
  ["credit_card_number", "4111111111111111"],
  ["credit_card_expiration_month", "13"],
  ["credit_card_expiration_year", "2019"],
  ["credit_card_cvv", "-12"],
  ["credit_card_cvv", "12"],
  ["credit_card_cvv", ""]
]

const latestMail = Effect.fnUntraced(function* (shopper: Shopper.Shopper) {
  const mailbox = yield* shopper.get("/dev/mail")
  const path = /\/dev\/mail\/[\w-]+/.exec(mailbox.html)?.[0] ?? ""
  return yield* shopper.get(path)
})

/** The amounts of a currency that a page shows, in order. */
const amounts = (page: Shopper.Page, currency: string): ReadonlyArray<string> => {
  const symbol = Money.format(Money.zero(currency as never)).replace(/[\d.,\u00a0]/g, "")
  return page.text.match(new RegExp(`${symbol.replace(/\$/g, "\\$")} ?[\\d.,]*\\d`, "g")) ?? []
}
