import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual, notDeepStrictEqual, strictEqual } from "@effect/vitest/utils"
import {
  CheckoutError,
  EarlierOrderUnsettled,
  EmptyCart,
  OrderInProgress,
  PriceChanged
} from "@retro/contract/CheckoutService"
import * as CallContext from "@retro/contract/CallContext"
import * as Contract from "@retro/contract/Contract"
import { CardDeclined } from "@retro/contract/PaymentService"
import { ProductNotFound } from "@retro/contract/ProductCatalogService"
import type { FailureClass } from "@retro/contract/Status"
import { CartItem } from "@retro/domain/Cart"
import { ProductId } from "@retro/domain/Ids"
import * as Money from "@retro/domain/Money"
import { Arbitrary, Clock, Deferred, Effect, Exit, FastCheck, Fiber, Layer, Redacted, Schema, Scope } from "effect"
import { type Answer, browser, type Browser, hidden, open } from "./Browser.ts"
import * as ClockAhead from "./ClockAhead.ts"
import { orderId, product } from "./Tiers.ts"

const person = {
  email: "ada@example.com",
  name: "Ada Sprite",
  street_address: "8 Bitmap Crescent",
  zip_code: "01234",
  city: "Müllrose",
  state: "",
  country: "DE"
}
const card = {
  credit_card_number: "4432 8015 6152 0454",
  credit_card_expiration_month: "1",
  credit_card_expiration_year: "2039",
  credit_card_cvv: "072"
}
const filled = { ...person, ...card }

/** A shop with something in the cart, and its form's hidden fields. */
const ready = Effect.gen(function* () {
  const shop = yield* open({ CHECKOUT_LIMIT: "0" })
  const shopper = browser(shop)
  yield* shopper.post("/cart", { product_id: "OLJCESPC7Z", quantity: "2" })
  return { shop, shopper, secrets: hiddenIn(yield* shopper.get("/cart")) }
})

const hiddenIn = (page: Answer) => ({
  idempotency_key: hidden(page, "idempotency_key") ?? "",
  cart_version: hidden(page, "cart_version") ?? "",
  shown_total: hidden(page, "shown_total") ?? "",
  shown_currency: hidden(page, "shown_currency") ?? ""
})

/** Everything about the person is in the form again, and when the card expires. */
const keepsThePerson = ({ body }: Answer) =>
  [person.email, person.name, person.street_address, person.zip_code, person.city].every((text) =>
    body.includes(`value="${text}"`)
  ) && ["DE", "1", "2039"].every((value) => new RegExp(`<option value="${value}"\\s+selected`).test(body))

/** Neither the number of the card nor its security code is on the page. */
const hidesTheCard = ({ body }: Answer) => !body.includes("8015 6152") && !body.includes('value="072"')

describe("placing an order", () => {
  it.scopedLive("asks for what the form says, and for what the shopper saw", () =>
    Effect.gen(function* () {
      const { secrets, shop, shopper } = yield* ready
      const answer = yield* shopper.post("/cart/checkout", { ...filled, ...secrets })
      deepStrictEqual([answer.status, answer.headers.get("location")], [303, `/order/${orderId}`])
      const [asked] = shop.tiers.orders
      strictEqual(asked?.idempotencyKey, secrets.idempotency_key)
      strictEqual(asked?.cartVersion, 1)
      deepStrictEqual(asked?.shownTotal && [Money.format(asked.shownTotal), asked.userCurrency], ["$48.97", "USD"])
      deepStrictEqual(
        { ...asked?.address },
        {
          recipient: "Ada Sprite",
          streetAddress: "8 Bitmap Crescent",
          city: "Müllrose",
          state: "",
          postalCode: "01234",
          country: "DE"
        }
      )
      strictEqual(asked && Redacted.value(asked.email), "ada@example.com")
    })
  )

  it.scopedLive("D12: the leading zeros of the security code and the postal code arrive", () =>
    Effect.gen(function* () {
      const { secrets, shop, shopper } = yield* ready
      yield* shopper.post("/cart/checkout", { ...filled, ...secrets })
      const [asked] = shop.tiers.orders
      strictEqual(asked && Redacted.value(asked.creditCard.securityCode), "072")
      strictEqual(asked?.address.postalCode, "01234")
    })
  )

  it.scopedLive("D4: looking at the order again, or again, orders nothing", () =>
    Effect.gen(function* () {
      const { secrets, shop, shopper } = yield* ready
      const { headers } = yield* shopper.post("/cart/checkout", { ...filled, ...secrets })
      for (let times = 0; times < 3; times++) {
        const page = yield* shopper.get(headers.get("location") ?? "")
        strictEqual(page.status, 200)
        assertTrue(
          page.body.includes("$28.98") && page.body.includes("RS12345678") && page.body.includes("Skarn Light")
        )
      }
      strictEqual(shop.tiers.calls.filter((call) => call === "Checkout.placeOrder").length, 1)
      assertTrue((yield* shopper.get("/orders")).body.includes(`/order/${orderId}`))
    })
  )

  it.scopedLive("nobody else sees the order", () =>
    Effect.gen(function* () {
      const { secrets, shop, shopper } = yield* ready
      yield* shopper.post("/cart/checkout", { ...filled, ...secrets })
      strictEqual((yield* browser(shop).get(`/order/${orderId}`)).status, 404)
    })
  )

  it.scopedLive("D5: nothing that fails after the charge makes an error of the order", () =>
    Effect.gen(function* () {
      const { secrets, shop, shopper } = yield* ready
      for (const rpc of [
        "Recommendation.listRecommendations",
        "ProductCatalog.getProducts",
        "Currency.getSupportedCurrencies",
        "Cart.getCart"
      ]) {
        shop.tiers.instead.set(rpc, Effect.die("broken"))
      }
      const answer = yield* shopper.post("/cart/checkout", { ...filled, ...secrets })
      strictEqual(answer.status, 303)
    })
  )

  it.scopedLive("D5: the order's page is there when everything that decorates it fails", () =>
    Effect.gen(function* () {
      const { secrets, shop, shopper } = yield* ready
      yield* shopper.post("/cart/checkout", { ...filled, ...secrets })
      const silent = Effect.fail(new Contract.CallFailed({ path: "x", code: 14 }))
      for (const rpc of [
        "Recommendation.listRecommendations",
        "ProductCatalog.getProducts",
        "Currency.convertBatch",
        "Cart.getCart"
      ]) {
        shop.tiers.instead.set(rpc, silent)
      }
      strictEqual((yield* shopper.get(`/order/${orderId}`)).status, 200)
    })
  )

  it.scopedLive("D14: the page says of the e-mail what happened to it", () =>
    Effect.gen(function* () {
      const { secrets, shop, shopper } = yield* ready
      yield* shopper.post("/cart/checkout", { ...filled, ...secrets })
      const said = Effect.map(shopper.get(`/order/${orderId}`), ({ body }) => /have sent you/.test(body))
      for (const [email, isSent] of [
        ["sent", true],
        ["failed", false],
        ["pending", false],
        ["not-sent", false]
      ] as const) {
        shop.tiers.email = email
        strictEqual(yield* said, isSent)
      }
    })
  )

  it.scopedLive("a program that sends only who, where and which card orders at whatever it costs", () =>
    Effect.gen(function* () {
      const { shop, shopper } = yield* ready
      const { name: _, state: __, ...locust } = filled
      strictEqual((yield* shopper.post("/cart/checkout", locust)).status, 303)
      const [asked] = shop.tiers.orders
      deepStrictEqual([asked?.idempotencyKey, asked?.cartVersion, asked?.shownTotal], [undefined, undefined, undefined])
      deepStrictEqual([asked?.address.recipient, asked?.address.state], ["", ""])
    })
  )

  it.scopedLive("is in the currency of the total that was shown, whatever was chosen in another window since", () =>
    Effect.gen(function* () {
      const { secrets, shop, shopper } = yield* ready
      yield* shopper.post("/setCurrency", { currency_code: "JPY" })
      yield* shopper.post("/cart/checkout", { ...filled, ...secrets })
      strictEqual(shop.tiers.orders[0]?.userCurrency, "USD")
      const inYen = hiddenIn(yield* shopper.get("/cart"))
      strictEqual(inYen.shown_currency, "JPY")
      yield* shopper.post("/cart/checkout", { ...filled, ...inYen })
      const [, asked] = shop.tiers.orders
      assertTrue(asked?.shownTotal !== undefined && Money.isPayable(asked.shownTotal))
      strictEqual(asked?.userCurrency, "JPY")
    })
  )

  it.scopedLive("R10: a shopper who hangs up does not stop it", () =>
    Effect.gen(function* () {
      const { secrets, shop, shopper } = yield* ready
      const begun = yield* Deferred.make<void>()
      const go = yield* Deferred.make<void>()
      const ended = yield* Deferred.make<boolean>()
      shop.tiers.instead.set(
        "Checkout.placeOrder",
        Deferred.succeed(begun, undefined).pipe(
          Effect.zipRight(Deferred.await(go)),
          Effect.onExit((exit) => Deferred.succeed(ended, exit._tag === "Success")),
          Effect.zipRight(Effect.fail(new EmptyCart()))
        )
      )
      const pending = yield* Effect.fork(shopper.post("/cart/checkout", { ...filled, ...secrets }))
      yield* Deferred.await(begun)
      pending.unsafeInterruptAsFork(pending.id())
      yield* Effect.sleep("50 millis")
      yield* Deferred.succeed(go, undefined)
      strictEqual(yield* Deferred.await(ended), true)
    })
  )

  it.scopedLive("D33: a website that stops answers the order that it is placing", () =>
    Effect.gen(function* () {
      const website = yield* Scope.make()
      const { secrets, shop, shopper } = yield* Scope.extend(ready, website)
      const begun = yield* Deferred.make<void>()
      const go = yield* Deferred.make<void>()
      shop.tiers.instead.set(
        "Checkout.placeOrder",
        Deferred.succeed(begun, undefined).pipe(
          Effect.zipRight(Deferred.await(go)),
          Effect.zipRight(Effect.fail(new EmptyCart()))
        )
      )
      const pending = yield* Effect.fork(shopper.post("/cart/checkout", { ...filled, ...secrets }))
      yield* Deferred.await(begun)
      const closing = yield* Effect.fork(Scope.close(website, Exit.void))
      yield* Effect.sleep("50 millis")
      yield* Deferred.succeed(go, undefined)
      strictEqual((yield* Fiber.join(pending)).status, EmptyCart.status.http)
      yield* Fiber.join(closing)
    })
  )
})

describe("totals", () => {
  it.scopedLive.each(["USD", "EUR", "JPY", "TRY"])(
    "the lines and the shipping that are shown add up to the total, to the minor unit, in %s",
    (currency) =>
      Effect.gen(function* () {
        const { shopper } = yield* ready
        yield* shopper.post("/cart", { product_id: "66VCHSJNUP", quantity: "3" })
        yield* shopper.post("/setCurrency", { currency_code: currency })
        const product = yield* shopper.get("/product/66VCHSJNUP")
        const page = yield* shopper.get("/cart")
        const figures = [...page.body.matchAll(/<span class="price">([^<]+)</g)].map(([, text = ""]) => figure(text))
        const [first = 0, firstLine = 0, second = 0, secondLine = 0, games = 0, shipping = 0, total = 0] = figures
        strictEqual(firstLine, first * 2)
        strictEqual(secondLine, second * 3)
        deepStrictEqual([firstLine + secondLine, games + shipping], [games, total])
        strictEqual(figure(/<span class="price">([^<]+)</.exec(product.body)?.[1] ?? ""), second)
        const minor = currency === "JPY" ? 1_000_000_000n : 10_000_000n
        strictEqual(BigInt(hidden(page, "shown_total") ?? 0), BigInt(total) * minor)
      })
  )

  it.scopedLive("a quote for another country is in the total, and in the form", () =>
    Effect.gen(function* () {
      const { shopper } = yield* ready
      const page = yield* shopper.get("/cart?country=JP")
      assertTrue(page.body.includes("$22.00") && page.body.includes("$61.98"))
      strictEqual(hidden(page, "shown_total"), "61980000000")
      strictEqual(hidden(yield* shopper.get("/cart?country=AQ"), "shown_total"), "0")
    })
  )
})

/** A shown amount in minor units. */
const figure = (text: string) => Number(text.replace(/\D/g, ""))

const failures = Contract.failuresOf(CheckoutError)

/** A failure of this class with any fields. */
const anyOf = (failure: FailureClass, seed: number) =>
  FastCheck.sample(Arbitrary.make(Schema.typeSchema(Schema.make(failure.ast))), { numRuns: 1, seed })[0]

describe("an order that is not placed", () => {
  it("has all the failures there are", () => assertTrue(failures.length >= 19))

  it.scopedLive.each(
    [...failures, Contract.BadRequest, Contract.PeerRefused, Contract.CallFailed].map(
      (failure) => [failure._tag, failure] as const
    )
  )(
    "%s: its status, the cart, the address as it was typed, nothing of the card, and a key for the next try",
    ([tag, failure]) =>
      Effect.gen(function* () {
        const { secrets, shop, shopper } = yield* ready
        shop.tiers.instead.set("Checkout.placeOrder", Effect.fail(anyOf(failure, 1)))
        const answer = yield* shopper.post("/cart/checkout", { ...filled, ...secrets })
        if (tag === "OrderInProgress") {
          assertTrue(answer.status === 303 && answer.headers.get("location")?.startsWith("/order/") === true)
          return
        }
        strictEqual(answer.status, failure.status.http)
        strictEqual(answer.headers.get("retry-after") !== null, failure.status.http === 503)
        assertTrue(answer.body.includes("Skarn Light") && keepsThePerson(answer) && hidesTheCard(answer))
        const { cart_version, idempotency_key } = hiddenIn(answer)
        strictEqual(idempotency_key === secrets.idempotency_key, tag === "CallFailed")
        strictEqual(cart_version, "1")
        assertTrue(idempotency_key.length >= 8)
      })
  )

  it.scopedLive("D21: a declined card is a 402 that says why", () =>
    Effect.gen(function* () {
      const { secrets, shop, shopper } = yield* ready
      shop.tiers.instead.set("Checkout.placeOrder", Effect.fail(new CardDeclined({ reason: "insufficient-funds" })))
      const { body, status } = yield* shopper.post("/cart/checkout", { ...filled, ...secrets })
      strictEqual(status, 402)
      assertTrue(body.includes("not enough money"))
    })
  )

  it.scopedLive("R5: a price that changed is shown as it is now, with the total that the next try sends", () =>
    Effect.gen(function* () {
      const { secrets, shop, shopper } = yield* ready
      shop.tiers.products[0] = product("OLJCESPC7Z", "Skarn Light", 10999)
      shop.tiers.instead.set(
        "Checkout.placeOrder",
        Effect.fail(new PriceChanged({ currencyCode: "USD", shown: "48.97", now: "228.97" }))
      )
      const answer = yield* shopper.post("/cart/checkout", { ...filled, ...secrets })
      strictEqual(answer.status, 409)
      strictEqual(hiddenIn(answer).shown_total, "228970000000")
      assertTrue(answer.body.includes("$228.97"))
    })
  )

  it.scopedLive("a game that left the catalogue can be taken out", () =>
    Effect.gen(function* () {
      const { secrets, shop, shopper } = yield* ready
      yield* shopper.post("/cart", { product_id: "66VCHSJNUP", quantity: "1" })
      shop.tiers.products.splice(0, 1)
      const productId = ProductId.make("OLJCESPC7Z")
      shop.tiers.instead.set("Checkout.placeOrder", Effect.fail(new ProductNotFound({ productId })))
      const answer = yield* shopper.post("/cart/checkout", { ...filled, ...secrets })
      strictEqual(answer.status, 404)
      assertTrue(answer.body.includes("Tin Weather") && answer.body.includes('value="OLJCESPC7Z"'))
      strictEqual((yield* shopper.post("/cart/update", { product_id: productId, quantity: "0" })).status, 303)
      assertTrue(!(yield* shopper.get("/cart")).body.includes('value="OLJCESPC7Z"'))
    })
  )

  it.scopedLive("D4: an empty cart is no order", () =>
    Effect.gen(function* () {
      const shop = yield* open()
      shop.tiers.instead.set("Checkout.placeOrder", Effect.fail(new EmptyCart()))
      const { body, status } = yield* browser(shop).post("/cart/checkout", filled)
      strictEqual(status, 422)
      assertTrue(/nothing was charged/i.test(body))
    })
  )

  it.scopedLive("R10: an order that is being placed leads to its page, however often it is sent", () =>
    Effect.gen(function* () {
      const { secrets, shop, shopper } = yield* ready
      shop.tiers.instead.set("Checkout.placeOrder", Effect.fail(new OrderInProgress({ orderId })))
      const answer = yield* shopper.post("/cart/checkout", { ...filled, ...secrets })
      deepStrictEqual([answer.status, answer.headers.get("location")], [303, `/order/${orderId}`])
    })
  )

  it.scopedLive(
    "no answer, and late: the form is there to be sent again, under the key that makes it the same order",
    () =>
      Effect.gen(function* () {
        const ahead = { millis: 0 }
        const shop = yield* open({}, Layer.setClock(ClockAhead.make(ahead)))
        const shopper = browser(shop)
        yield* shopper.post("/cart", { product_id: "OLJCESPC7Z", quantity: "2" })
        const secrets = hiddenIn(yield* shopper.get("/cart"))
        const silence = new Contract.CallFailed({ path: "", code: 4 })
        const inTime = Effect.zipWith(
          CallContext.Current,
          Clock.currentTimeMillis,
          ({ deadline }, now) => now < deadline
        )
        const [cart] = shop.tiers.carts.values()
        shop.tiers.instead.set(
          "Checkout.placeOrder",
          Effect.zipRight(
            Effect.sync(() => void (ahead.millis += 11_000)),
            silence
          )
        )
        shop.tiers.instead.set(
          "Cart.getCart",
          Effect.flatMap(inTime, (inTime) => (inTime ? Effect.succeed({ userId: "", ...cart }) : silence))
        )
        const answer = yield* shopper.post("/cart/checkout", { ...filled, ...secrets })
        deepStrictEqual([answer.status, answer.headers.get("retry-after")], [503, "5"])
        assertTrue(answer.body.includes("no answer about your order") && keepsThePerson(answer))
        strictEqual(hidden(answer, "idempotency_key"), secrets.idempotency_key)
      })
  )

  it.scopedLive("leads to the earlier order where that one is not settled yet", () =>
    Effect.gen(function* () {
      const { secrets, shop, shopper } = yield* ready
      shop.tiers.instead.set("Checkout.placeOrder", Effect.fail(new EarlierOrderUnsettled({ orderId })))
      const answer = yield* shopper.post("/cart/checkout", { ...filled, ...secrets })
      strictEqual(answer.status, 409)
      assertTrue(answer.body.includes("still being settled") && answer.body.includes(`href="/order/${orderId}"`))
    })
  )

  it.scopedLive("D20: a defect is a 500 page that shows and logs nothing of the person", () =>
    Effect.gen(function* () {
      const { secrets, shop, shopper } = yield* ready
      shop.tiers.instead.set("Checkout.placeOrder", Effect.die(new Error("broken")))
      const answer = yield* shopper.post("/cart/checkout", { ...filled, ...secrets })
      strictEqual(answer.status, 500)
      for (const text of [...Object.values(person).filter((text) => text.length > 3), "8015 6152"]) {
        assertTrue(!answer.body.includes(text) && !shop.logs.join().includes(text))
      }
    })
  )
})

describe("the checkout form", () => {
  const bad: Readonly<Record<keyof typeof filled, ReadonlyArray<string>>> = {
    email: [
      "",
      "ada",
      "ada@",
      "@example.com",
      "a b@example.com",
      "a@b@c",
      "ada@example.com\r\nBcc: x@y.z",
      "x".repeat(300) + "@y.z"
    ],
    name: ["x".repeat(101), "a\u0000b"],
    street_address: ["", "   ", "x".repeat(201), "a\nb"],
    zip_code: ["x".repeat(21), "\u0007"],
    city: ["", "\t", "x".repeat(101)],
    state: ["x".repeat(101)],
    country: ["", "x".repeat(61)],
    credit_card_number: ["", "abcd", "4432 8015 6152 045x", "-4432801561520454", "4".repeat(41), "<script>"],
    credit_card_expiration_month: ["", "0", "13", "-1", "1.5", "January", "1e1"],
    credit_card_expiration_year: ["", "39", "20390", "-2039", "NaN"],
    credit_card_cvv: ["", "12", "12345", "abc", "-12", "1.2", "٣٣٣"]
  }

  const refuses = (shopper: Browser, fields: Record<string, string> | URLSearchParams, name: string) =>
    Effect.map(shopper.post("/cart/checkout", fields), (answer) => {
      strictEqual(answer.status, 422)
      assertTrue(answer.body.includes(`id="${name}-error"`))
      assertTrue(hidesTheCard(answer) && !answer.body.includes("<script>alert"))
      return answer
    })

  it.scopedLive("D15: a card number typed into another field is not shown again", () =>
    Effect.gen(function* () {
      const { secrets, shopper } = yield* ready
      for (const field of ["credit_card_expiration_month", "zip_code", "name"]) {
        const typed = { ...filled, ...secrets, email: "nobody", [field]: "4432 8015 6152 0454" }
        const { body, status } = yield* shopper.post("/cart/checkout", typed)
        strictEqual(status, 422)
        assertTrue(!body.includes("6152 0454"))
      }
    })
  )

  it.scopedLive("D12: refuses each field beside it, keeps what was typed elsewhere, and orders nothing", () =>
    Effect.gen(function* () {
      const { secrets, shop, shopper } = yield* ready
      for (const [name, values] of Object.entries(bad)) {
        for (const value of values) {
          const answer = yield* refuses(shopper, { ...filled, ...secrets, [name]: value }, name)
          strictEqual([...answer.body.matchAll(/class="error"/g)].length, 1)
          for (const [other, text] of Object.entries(person)) {
            if (other !== name && other !== "country" && text !== "")
              assertTrue(answer.body.includes(`value="${text}"`))
          }
          notDeepStrictEqual(hiddenIn(answer).idempotency_key, secrets.idempotency_key)
        }
      }
      deepStrictEqual(
        [shop.tiers.orders.length, [...shop.tiers.carts.values()]],
        [0, [{ items: [new CartItem({ productId: ProductId.make("OLJCESPC7Z"), quantity: 2 })], version: 1 }]]
      )
    })
  )

  it.scopedLive("says all that is wrong at once", () =>
    Effect.gen(function* () {
      const { shopper } = yield* ready
      const { body } = yield* shopper.post("/cart/checkout", {})
      const required = Object.keys(filled).filter((name) => !["name", "zip_code", "state"].includes(name))
      deepStrictEqual(
        [...body.matchAll(/class="error" id="(\w+)-error"/g)].map(([, name]) => name),
        required
      )
    })
  )

  it.scopedLive("shows a script in any field as the text that it is", () =>
    Effect.gen(function* () {
      const { shopper } = yield* ready
      const script = '"><script>alert(1)</script>'
      const fields = Object.fromEntries(Object.keys(filled).map((name) => [name, script]))
      const { body } = yield* shopper.post("/cart/checkout", fields)
      assertTrue(!body.includes("<script>alert") && body.includes("&lt;script&gt;alert(1)"))
    })
  )

  it.scopedLive("refuses fields that are sent twice", () =>
    Effect.gen(function* () {
      const { secrets, shopper } = yield* ready
      for (const name of Object.keys(filled)) {
        const fields = new URLSearchParams({ ...filled, ...secrets })
        fields.append(name, "again")
        yield* refuses(shopper, fields, name)
      }
    })
  )

  it.scopedLive("refuses a damaged hidden field by its name, and gives a whole form back", () =>
    Effect.gen(function* () {
      const { secrets, shop, shopper } = yield* ready
      const damaged: Readonly<Record<keyof typeof secrets, ReadonlyArray<string>>> = {
        idempotency_key: ["short", "with space in it", "x".repeat(129), "<script>alert(1)</script>"],
        cart_version: ["-1", "NaN", "1.5", "4294967296", "99999999999"],
        shown_total: ["-1", "1.5", "9".repeat(40), "x"],
        shown_currency: ["usd", "XXX", "$"]
      }
      for (const [name, values] of Object.entries(damaged)) {
        for (const value of values) {
          const answer = yield* shopper.post("/cart/checkout", { ...filled, ...secrets, [name]: value })
          strictEqual(answer.status, 422)
          assertTrue(
            answer.body.includes(`${name}: `) && keepsThePerson(answer) && !answer.body.includes("<script>alert")
          )
          strictEqual(hiddenIn(answer).cart_version, "1")
        }
      }
      strictEqual(shop.tiers.orders.length, 0)
    })
  )

  it.scopedLive("takes any text a person can type for an address", () =>
    Effect.gen(function* () {
      const { shop, shopper } = yield* ready
      const text = FastCheck.string({ unit: "grapheme", minLength: 1, maxLength: 15 })
        .map((typed) => typed.replace(/[\u0000-\u001f\u007f]/g, "").trim())
        .filter((typed) => typed !== "" && typed.length <= 60)
      const addresses = FastCheck.sample(FastCheck.tuple(text, text, text), { numRuns: 40, seed: 3 })
      for (const [street_address, city, country] of addresses) {
        const answer = yield* shopper.post("/cart/checkout", { ...filled, street_address, city, country })
        deepStrictEqual([street_address, city, country, answer.status], [street_address, city, country, 303])
        const asked = shop.tiers.orders.at(-1)?.address
        deepStrictEqual([asked?.streetAddress, asked?.city, asked?.country], [street_address, city, country])
      }
    })
  )
})
