import { it, layer } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { CartService, QuantityTooLarge } from "@retro/contract/CartService"
import { EmptyCart, OrderNotFound } from "@retro/contract/CheckoutService"
import { UnsupportedCurrency } from "@retro/contract/CurrencyService"
import { CardDeclined } from "@retro/contract/PaymentService"
import { Address } from "@retro/domain/Address"
import { CartItem } from "@retro/domain/Cart"
import { CreditCard } from "@retro/domain/CreditCard"
import { ProductId, UserId } from "@retro/domain/Ids"
import * as Money from "@retro/domain/Money"
import { HttpServer } from "@retro/frontend/HttpServer"
import { Context, Effect, Either, Layer, Redacted } from "effect"
import * as Station from "../src/Station.ts"
import * as ClockAhead from "../../frontend/test/ClockAhead.ts"
import * as Shop from "./Shop.ts"
import * as ShopClient from "./ShopClient.ts"

const client = Effect.flatMap(HttpServer, ({ port }) => ShopClient.make(`http://127.0.0.1:${port}`))
const skarnLight = ProductId.make("OLJCESPC7Z")

const card = (number: string) =>
  new CreditCard({
    number: Redacted.make(number),
    securityCode: Redacted.make("672"),
    expirationYear: 2039,
    expirationMonth: 1
  })

const order = {
  userCurrency: "JPY" as const,
  address: new Address({
    recipient: "",
    streetAddress: "1 Main St",
    city: "Springfield",
    state: "",
    postalCode: "01234",
    country: "US"
  }),
  email: Redacted.make("someone@example.com"),
  creditCard: card("4432801561520454"),
  idempotencyKey: undefined,
  cartVersion: undefined,
  shownTotal: undefined
}

layer(Shop.layer(Station.fused), { excludeTestServices: true })("the shop for programs", (it) => {
  it.scoped("a typed purchase", () =>
    Effect.gen(function* () {
      const shop = yield* client
      const { results } = yield* shop.searchProducts({
        query: "skarn",
        pageSize: 0,
        pageToken: "",
        platform: "",
        category: ""
      })
      deepStrictEqual(
        results.map(({ name }) => name),
        ["Skarn Light"]
      )
      yield* shop.addItem({ item: new CartItem({ productId: skarnLight, quantity: 2 }) })
      assertEquals((yield* shop.getCart({})).items.length, 1)
      const placed = yield* shop.placeOrder(order)
      const { status } = yield* shop.getOrder({ orderId: placed.order.orderId })
      deepStrictEqual([status.state, status.payment, placed.order.total.currencyCode], ["completed", "charged", "JPY"])
      assertEquals((yield* shop.getCart({})).items.length, 0)
    })
  )

  it.scoped("errors arrive as their classes", () =>
    Effect.gen(function* () {
      const shop = yield* client
      assertTrue((yield* Effect.flip(shop.placeOrder(order))) instanceof EmptyCart)
      const item = new CartItem({ productId: skarnLight, quantity: 99 })
      yield* shop.addItem({ item })
      assertTrue((yield* Effect.flip(shop.addItem({ item }))) instanceof QuantityTooLarge)
      const declined = yield* Effect.flip(shop.placeOrder({ ...order, creditCard: card("4432801561520512") }))
      assertTrue(declined instanceof CardDeclined && declined.reason === "insufficient-funds")
      const from = Money.zero("USD")
      assertTrue((yield* Effect.flip(shop.convert({ from, toCode: "KWD" }))) instanceof UnsupportedCurrency)
    })
  )

  it.scoped("an amount above 2⁵³ keeps every digit", () =>
    Effect.gen(function* () {
      const shop = yield* client
      const huge = Either.getOrThrow(Money.make("USD", 2n ** 62n + 1n, 999_999_999))
      assertEquals(yield* shop.convert({ from: huge, toCode: "USD" }), huge)
    })
  )

  it.scoped("another session's cart and orders cannot be named", () =>
    Effect.gen(function* () {
      const [mine, theirs] = [yield* client, yield* client]
      yield* mine.addItem({ item: new CartItem({ productId: skarnLight, quantity: 1 }) })
      const placed = yield* mine.placeOrder(order)
      yield* mine.addItem({ item: new CartItem({ productId: skarnLight, quantity: 1 }) })
      assertEquals((yield* theirs.getCart({})).items.length, 0)
      assertTrue((yield* Effect.flip(theirs.getOrder({ orderId: placed.order.orderId }))) instanceof OrderNotFound)
    })
  )

  const send = Effect.fnUntraced(function* (body: string) {
    const { port } = yield* HttpServer
    const headers = { "x-shop-user": "someone-else" }
    return yield* Effect.promise(async () => {
      const response = await fetch(`http://127.0.0.1:${port}/rpc`, { method: "POST", headers, body })
      return { status: response.status, text: await response.text() }
    })
  })
  const line = (tag: string, payload: unknown) =>
    JSON.stringify({ _tag: "Request", id: "1", tag, payload, headers: [["x-shop-user", "someone-else"]] })

  it.effect("nor by a user id in the payload, in a header or in a message's own headers", () =>
    Effect.gen(function* () {
      const carts = yield* CartService
      const item = new CartItem({ productId: skarnLight, quantity: 1 })
      yield* carts.addItem({ userId: UserId.make("someone-else"), item })
      const answer = yield* send(line("getCart", { userId: "someone-else" }))
      assertTrue(answer.text.includes('"items":[]'), answer.text)
    })
  )

  it.effect("a bad field is named and its value is not told; what is not on sale does not get into a cart", () =>
    Effect.gen(function* () {
      const bad = yield* send(line("addItem", { item: { productId: "<script>canary", quantity: 1e9 } }))
      assertTrue(bad.text.includes("BadRequest") && bad.text.includes("item.quantity") && !bad.text.includes("canary"))
      for (const [tag, payload] of [
        ["addItem", { item: { productId: "NOSUCHGAME", quantity: 1 } }],
        ["setQuantity", { productId: "NOSUCHGAME", quantity: 1 }]
      ] as const) {
        assertTrue((yield* send(line(tag, payload))).text.includes("ProductNotFound"))
      }
    })
  )

  for (const [what, body] of [
    ["nothing", ""],
    ["no JSON", "canary{"],
    ["null", "null"],
    ["an unknown rpc", line("canary", {})],
    ["a number that is none", line("getCart", {}).replace('"1"', '"canary"')],
    ["another message", '{"_tag":"Interrupt","requestId":"1"}'],
    ["too many calls", `${line("listProducts", { pageSize: 0, pageToken: "" })}\n`.repeat(21)]
  ] as const) {
    it.effect(`a body that holds ${what} is a 422 that quotes nothing`, () =>
      Effect.map(send(body), ({ status, text }) =>
        assertTrue(status === 422 && text.length < 200 && !text.includes("canary"), `${status} ${text}`)
      )
    )
  }
})

it.scopedLive("the shop for programs, made for its first request, keeps nothing of that request's deadline", () =>
  Effect.gen(function* () {
    // A website whose clock is a minute slow gives its pages deadlines that are over for the services.
    const shop = Shop.layer(Station.split).pipe(Layer.provide(Layer.setClock(ClockAhead.make({ millis: -60_000 }))))
    const { port } = Context.get(yield* Layer.build(shop), HttpServer)
    const program = yield* ShopClient.make(`http://127.0.0.1:${port}`)
    assertEquals((yield* program.getCart({})).items.length, 0)
    assertEquals((yield* program.getCart({})).items.length, 0)
  })
)
