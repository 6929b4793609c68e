import { layer } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import * as Money from "@retro/domain/Money"
import { HttpServer } from "@retro/frontend/HttpServer"
import { Effect } from "effect"
import * as Station from "../src/Station.ts"
import * as Shop from "./Shop.ts"
import * as Shopper from "./Shopper.ts"

const card = {
  credit_card_number: "4432801561520454",
  credit_card_expiration_month: "1",
  credit_card_expiration_year: "2039",
  credit_card_cvv: "672"
}
const person = {
  email: "łucja.o'brien@example.com",
  name: "Łucja O'Brien",
  street_address: "東京都千代田区 1-1",
  zip_code: "00123",
  city: "Łódź",
  state: "",
  country: "US"
}

const newShopper = Effect.map(HttpServer, ({ port }) => Shopper.make(port))

/** Puts three and two of two games into a cart of that currency. */
const filledCart = Effect.fnUntraced(function* (currency: string) {
  const shopper = yield* newShopper
  yield* shopper.get("/")
  yield* shopper.post("/setCurrency", { currency_code: currency, return_to: "/" })
  yield* shopper.post("/cart", { product_id: "OLJCESPC7Z", quantity: "3" })
  yield* shopper.post("/cart", { product_id: "9SIQT8TOJO", quantity: "2" })
  return { shopper, cart: yield* shopper.get("/cart") }
})

/** The order form as a browser would send it. */
const orderForm = (cart: Shopper.Page, changes: Record<string, string> = {}) => ({
  ...Shopper.hidden(cart, "/cart/checkout"),
  ...person,
  ...card,
  ...changes
})

/** The total in minor digits that the form carries. */
const shownTotal = (cart: Shopper.Page): bigint => BigInt(Shopper.hidden(cart, "/cart/checkout")["shown_total"] ?? "")

const currencies = ["USD", "EUR", "JPY", "GBP", "TRY", "CAD", "HUF", "KRW", "IDR", "ISK", "CHF"]

const wirings = [
  ["fused", Station.fused],
  ["split over gRPC", Station.split]
] as const

for (const [name, wiring] of wirings) {
  layer(Shop.layer(wiring), { excludeTestServices: true })(`a purchase in the shop ${name}`, (it) => {
    it.effect("browsing, searching, a filled cart, an order, its e-mail", () =>
      Effect.gen(function* () {
        const shopper = yield* newShopper
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
            assertEquals(Money.toNanos(charged), shownTotal(cart))

            const total = Money.format(charged).replace(/\u00a0/g, " ")
            for (const page of [cart, order]) assertTrue(page.text.includes(total))
            const mail = yield* latestMail(shopper)
            assertTrue(mail.text.includes(total))
            const unit = amounts(product, currency)[0] ?? ""
            assertTrue(cart.text.includes(unit) && order.text.includes(unit) && mail.text.includes(unit))
          })
      )
    }

    it.effect("D4: a double click and a reload are one order", () =>
      Effect.gen(function* () {
        const { cart, shopper } = yield* filledCart("USD")
        const before = (yield* Shop.Charges).length
        const form = orderForm(cart)
        const placed = yield* Effect.all(
          [1, 2, 3].map(() => shopper.post("/cart/checkout", form)),
          { concurrency: 3 }
        )
        yield* shopper.post("/cart/checkout", form)
        assertEquals(new Set(placed.map(({ location }) => location)).size, 1)
        assertEquals((yield* Shop.Charges).length - before, 1)
      })
    )

    it.effect(
      "a cart changed in another tab: 409 with the new total, nothing charged, then an order at that total",
      () =>
        Effect.gen(function* () {
          const { cart, shopper } = yield* filledCart("EUR")
          const before = (yield* Shop.Charges).length
          yield* shopper.post("/cart", { product_id: "2ZYFJ3GM2N", quantity: "1" })
          const changed = yield* shopper.post("/cart/checkout", orderForm(cart))
          assertEquals(changed.status, 409)
          assertTrue(changed.html.includes("Łódź") && shownTotal(changed) > shownTotal(cart))
          assertEquals((yield* Shop.Charges).length, before)
          assertEquals((yield* shopper.post("/cart/checkout", orderForm(changed))).status, 303)
          assertEquals(Money.toNanos((yield* Shop.Charges).at(-1)!), shownTotal(changed))
        })
    )

    it.effect("D21, R5: a declined card is 402, keeps what was typed but the card, and a better card orders once", () =>
      Effect.gen(function* () {
        const { cart, shopper } = yield* filledCart("USD")
        const before = (yield* Shop.Charges).length
        const declined = yield* shopper.post(
          "/cart/checkout",
          orderForm(cart, { credit_card_number: insufficientFunds })
        )
        assertEquals(declined.status, 402)
        assertTrue(
          declined.html.includes("Łódź") &&
            !declined.html.includes(insufficientFunds) &&
            !declined.html.includes('672"')
        )
        assertEquals((yield* shopper.post("/cart/checkout", orderForm(declined))).status, 303)
        assertEquals((yield* Shop.Charges).length - before, 1)
      })
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
          const first = yield* shopper.post("/cart/checkout", { ...person, ...card })
          const second = yield* shopper.post("/cart/checkout", { ...person, ...card })
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
          assertTrue(shownTotal(abroad) > shownTotal(cart))
          assertEquals((yield* shopper.post("/cart/checkout", orderForm(abroad, { country: "PL" }))).status, 303)
        })
    )

    it.effect("an order is its session's alone", () =>
      Effect.gen(function* () {
        const { cart, shopper } = yield* filledCart("USD")
        const placed = yield* shopper.post("/cart/checkout", orderForm(cart))
        const stranger = yield* newShopper
        assertEquals((yield* stranger.get(placed.location ?? "")).status, 404)
      })
    )
  })
}

const insufficientFunds = "4432801561520512"

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
