import { describe, it, layer } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { CartService } from "@retro/contract/CartService"
import { CheckoutService } from "@retro/contract/CheckoutService"
import { ShippingUnavailable } from "@retro/contract/ShippingService"
import { Address } from "@retro/domain/Address"
import { CartItem } from "@retro/domain/Cart"
import { CreditCard } from "@retro/domain/CreditCard"
import { IdempotencyKey, ProductId, UserId } from "@retro/domain/Ids"
import * as Money from "@retro/domain/Money"
import { HttpServer } from "@retro/frontend/HttpServer"
import { Carrier } from "@retro/shippingservice/Carrier"
import { Effect, Either, Layer, Logger, LogLevel, Redacted } from "effect"
import * as Station from "../src/Station.ts"
import * as Stores from "../src/Stores.ts"
import * as Shop from "./Shop.ts"
import * as Shopper from "../purchase/Shopper.ts"
import * as TracedShop from "./TracedShop.ts"

const wirings = { "in one process": Station.fused, "split over sockets": Station.split }

type Tree = ReadonlyArray<string>

const under = (line: string, ...children: ReadonlyArray<Tree>): Tree => [
  line,
  ...children.flat().map((line) => `  ${line}`)
]

/** Refusals that are a server's own fault: their status is UNAVAILABLE. */
const faults: ReadonlySet<string> = new Set(["ShippingUnavailable"])

/** A call from tier to tier; `tag` is the error it ends in. */
const call = (
  from: string,
  rpc: string,
  { below = [], tag = "" }: { below?: ReadonlyArray<Tree>; tag?: string } = {}
) => {
  const tier = rpc.split("/")[0]?.toLowerCase() ?? ""
  const name = `retrostation.${rpc}`
  return under(
    `${from} client ${name}${tag && ` !${tag}`}`,
    under(`${tier} server ${name}${tag && ` ${faults.has(tag) ? "!" : "?"}${tag}`}`, ...below)
  )
}

const read = (rpc: string) => call("frontend", rpc)
const recommended = (below: ReadonlyArray<Tree>) =>
  call("frontend", "RecommendationService/ListRecommendations", { below })
const listed = call("recommendationservice", "ProductCatalogService/ListProducts")

const home = under(
  "frontend server GET /",
  read("CartService/GetCart"),
  read("CurrencyService/GetSupportedCurrencies"),
  read("ProductCatalogService/ListProducts")
)

/** The first page that recommends: recommendationservice asks for the catalogue, in its asker's trace. */
const product = under(
  "frontend server GET /product/:id",
  read("CartService/GetCart"),
  read("ProductCatalogService/GetProduct"),
  read("ProductCatalogService/GetProducts"),
  recommended([listed])
)

const cart = under(
  "frontend server GET /cart",
  read("CartService/GetCart"),
  read("ProductCatalogService/GetProducts"),
  read("ProductCatalogService/GetProducts"),
  recommended([]),
  read("ShippingService/GetQuote")
)

for (const [name, wiring] of Object.entries(wirings)) {
  it.scopedLive(`pages, ${name}: home, product and cart are one trace each`, () => {
    const { all, layer } = TracedShop.make()
    return Effect.gen(function* () {
      const { port } = yield* HttpServer
      const shopper = Shopper.make(port)
      yield* shopper.get("/")
      yield* shopper.get("/product/OLJCESPC7Z")
      yield* shopper.post("/cart", { product_id: "OLJCESPC7Z", quantity: "1" })
      yield* shopper.get("/cart")
      yield* shopper.get("/static/favicon.svg")
      yield* shopper.get("/_healthz")
      const spans = yield* TracedShop.once(all, "GET /cart", 1)
      deepStrictEqual(TracedShop.trees(spans, "GET /"), [home])
      deepStrictEqual(TracedShop.trees(spans, "GET /product/:id"), [product])
      deepStrictEqual(TracedShop.trees(spans, "GET /cart"), [cart])
      assertEquals(new Set(spans.map(({ traceId }) => traceId)).size, 4)
      TracedShop.assertWhole(spans)
    }).pipe(Effect.provide(Layer.provide(Shop.layer(wiring), layer)))
  })

  it.scopedLive(`pages, ${name}: a trace that a browser began goes on; a refused request is no failure of ours`, () => {
    const { all, layer } = TracedShop.make()
    return Effect.gen(function* () {
      const { port } = yield* HttpServer
      const get = (path: string, traceparent: string) =>
        Effect.promise(() =>
          fetch(`http://127.0.0.1:${port}${path}`, { headers: { traceparent, tracestate: "vendor=1, other=2" } })
        )
      yield* get("/product/NOSUCHGAME", `00-${"a".repeat(32)}-${"b".repeat(16)}-01`)
      yield* get("/", `00-${"c".repeat(32)}-${"b".repeat(16)}-00`)
      yield* get("/", "00-malformed-01")
      const spans = yield* TracedShop.once(all, "GET /", 1)
      const page = spans.find(({ name }) => name === "GET /product/:id")
      deepStrictEqual([page?.traceId, page?.parentSpanId], ["a".repeat(32), "b".repeat(16)])
      const ofBrowser = spans.filter(({ traceId }) => traceId === "a".repeat(32))
      assertTrue(ofBrowser.some(({ service }) => service === "productcatalogservice"))
      deepStrictEqual(new Set(ofBrowser.map(({ traceState }) => traceState)), new Set(["vendor=1, other=2"]))
      deepStrictEqual([page?.errorType, page?.isError], ["ProductNotFound", false])
      deepStrictEqual(Object.fromEntries(page?.attributes ?? []), {
        "http.request.method": "GET",
        "http.route": "/product/:id",
        "url.scheme": "http",
        "http.response.status_code": 404,
        "error.type": "ProductNotFound"
      })
      assertTrue(spans.every(({ traceId }) => traceId !== "c".repeat(32)))
      assertEquals(spans.filter(({ name }) => name === "GET /").length, 1)
    }).pipe(Effect.provide(Layer.provide(Shop.layer(wiring), layer)))
  })
}

const checkout = (rpc: string, tag = "") => call("checkoutservice", rpc, { tag })
const tokenized = checkout("PaymentService/Tokenize")
const step = (name: string, ...below: ReadonlyArray<Tree>) =>
  under(`checkoutservice internal Journal.step ${name}`, ...below)
const failedStep = (name: string, tag: string, ...below: ReadonlyArray<Tree>) => step(`${name} ?${tag}`, ...below)
const run = (...steps: ReadonlyArray<Tree>) => under("checkoutservice internal Journal.run", ...steps)
const priced = [
  checkout("CartService/HoldCart"),
  checkout("CurrencyService/ConvertBatch"),
  checkout("ProductCatalogService/GetProducts"),
  checkout("ShippingService/GetQuote")
]
const charged = step("charge", checkout("PaymentService/Charge"))
const order = (tag: string, ...below: ReadonlyArray<Tree>) =>
  under(`frontend internal shopper${tag && ` !${tag}`}`, call("frontend", "CheckoutService/PlaceOrder", { tag, below }))

/** What a shopper asks for, and the trace of how it ends. */
interface Outcome {
  readonly card?: { readonly number?: string; readonly cvv?: string; readonly year?: number; readonly month?: number }
  readonly city?: string
  readonly shownTotal?: Money.Money
  readonly cartVersion?: number
  readonly empty?: true
  readonly tree: Tree
}

const refusedCard = (tag: string): Tree => order(tag, checkout("PaymentService/Tokenize", tag))

const outcomes: Readonly<Record<string, Outcome>> = {
  completed: {
    tree: order(
      "",
      tokenized,
      run(
        charged,
        step("clear-cart", checkout("CartService/RemoveBought")),
        step("mail", checkout("EmailService/SendOrderConfirmation")),
        step("price", ...priced),
        step("ship", checkout("ShippingService/ShipOrder"))
      )
    )
  },
  CardDeclined: {
    card: { number: "4432801561520512" },
    tree: order(
      "CardDeclined",
      tokenized,
      run(
        failedStep("charge", "CardDeclined", checkout("PaymentService/Charge", "CardDeclined")),
        step("price", ...priced)
      )
    )
  },
  CardExpired: { card: { year: 2020 }, tree: refusedCard("CardExpired") },
  InvalidExpirationMonth: { card: { month: 13 }, tree: refusedCard("InvalidExpirationMonth") },
  InvalidCvv: { card: { cvv: "1" }, tree: refusedCard("InvalidCvv") },
  InvalidCardNumber: { card: { number: "4432801561520455" }, tree: refusedCard("InvalidCardNumber") },
  TestCardRefused: { card: { number: "6011000990139424" }, tree: refusedCard("TestCardRefused") },
  UnacceptedBrand: { card: { number: "6011382459172645" }, tree: refusedCard("UnacceptedBrand") },
  ShippingUnavailable: {
    city: "Strike",
    tree: order(
      "ShippingUnavailable",
      tokenized,
      run(
        charged,
        step("price", ...priced),
        failedStep(
          "ship",
          "ShippingUnavailable",
          checkout("ShippingService/CancelShipment"),
          checkout("ShippingService/ShipOrder", "ShippingUnavailable")
        ),
        step("undo:charge", checkout("PaymentService/Refund"))
      )
    )
  },
  PriceChanged: {
    shownTotal: Either.getOrThrow(Money.make("EUR", 1n, 0)),
    tree: order("PriceChanged", tokenized, run(failedStep("price", "PriceChanged", ...priced)))
  },
  CartChanged: {
    cartVersion: 77,
    tree: order("CartChanged", tokenized, run(failedStep("price", "CartChanged", checkout("CartService/HoldCart"))))
  },
  EmptyCart: {
    empty: true,
    tree: order("EmptyCart", tokenized, run(failedStep("price", "EmptyCart", checkout("CartService/HoldCart"))))
  }
}

/** A carrier that is on strike in one city. */
const carrier = Layer.effect(
  Carrier,
  Effect.map(Carrier, (carrier) => ({
    ...carrier,
    ship: (request) => (request.address.city === "Strike" ? new ShippingUnavailable() : carrier.ship(request))
  }))
)

const place = Effect.fnUntraced(function* ({ card = {}, cartVersion, city = "Vertex", empty, shownTotal }: Outcome) {
  const checkout = yield* CheckoutService
  const carts = yield* CartService
  const userId = UserId.make(`user-${crypto.randomUUID()}`)
  if (empty === undefined) {
    const item = new CartItem({ productId: ProductId.make("OLJCESPC7Z"), quantity: 1 })
    yield* Effect.withTracerEnabled(carts.addItem({ userId, item }), false)
  }
  const request = {
    userId,
    userCurrency: "EUR" as const,
    address: new Address({
      recipient: "G. Raph",
      streetAddress: "1 Edge Way",
      city,
      state: "",
      postalCode: "00123",
      country: "US"
    }),
    email: Redacted.make("graph@example.com"),
    creditCard: new CreditCard({
      number: Redacted.make(card.number ?? "4432801561520454"),
      securityCode: Redacted.make(card.cvv ?? "672"),
      expirationYear: card.year ?? 2039,
      expirationMonth: card.month ?? 1
    }),
    idempotencyKey: IdempotencyKey.make(crypto.randomUUID()),
    cartVersion,
    shownTotal
  }
  return Effect.either(Effect.withSpan(checkout.placeOrder(request), "shopper", { captureStackTrace: false }))
})

for (const [name, wiring] of Object.entries(wirings)) {
  const { all, layer: tracer } = TracedShop.make()
  const shop = Station.services(wiring).pipe(
    Layer.provide(Layer.provideMerge(carrier, Layer.merge(Stores.inMemory, Stores.bundled))),
    Layer.provide(tracer),
    Layer.provideMerge(Logger.minimumLogLevel(LogLevel.None)),
    Layer.provideMerge(tracer),
    Layer.provide(Shop.anyPort)
  )

  describe(`a checkout, ${name}`, () => {
    layer(shop, { excludeTestServices: true })((it) => {
      for (const [outcome, expected] of Object.entries(outcomes)) {
        it.effect(`that ends as ${outcome} is one trace with every hop`, () =>
          Effect.gen(function* () {
            const before = (yield* all).length
            yield* yield* place(expected)
            const runs = expected.tree.filter((line) => line.includes("Journal.run")).length
            const spans = yield* TracedShop.once(
              Effect.map(all, (spans) => spans.slice(before)),
              "Journal.run",
              runs
            )
            deepStrictEqual(TracedShop.trees(spans, "shopper"), [expected.tree])
            TracedShop.assertWhole(spans)
          })
        )
      }

      it.effect("asked for again links to the trace that answered it; an undone step to the step", () =>
        Effect.gen(function* () {
          const before = (yield* all).length
          const again = yield* place({ city: "Strike", tree: [] })
          yield* again
          yield* again
          const spans = yield* TracedShop.once(
            Effect.map(all, (spans) => spans.slice(before)),
            "shopper",
            2
          )
          const placed = spans.filter(({ kind, name }) => kind === "server" && name.endsWith("/PlaceOrder"))
          deepStrictEqual(
            placed.map(({ links }) => links.map(({ span }) => span.traceId)),
            [[], [placed[0]?.traceId]]
          )
          const charge = spans.find(({ name }) => name === "Journal.step charge")
          const undo = spans.find(({ name }) => name === "Journal.step undo:charge")
          deepStrictEqual(
            undo?.links.map(({ span }) => span.spanId),
            [charge?.spanId]
          )
        })
      )
    })
  })
}
