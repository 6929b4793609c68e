import { layer } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { CartService } from "@retro/contract/CartService"
import { CheckoutService } from "@retro/contract/CheckoutService"
import { CurrencyService } from "@retro/contract/CurrencyService"
import { EmailService } from "@retro/contract/EmailService"
import { PaymentService } from "@retro/contract/PaymentService"
import { ProductCatalogService } from "@retro/contract/ProductCatalogService"
import { RecommendationService } from "@retro/contract/RecommendationService"
import { ShippingService } from "@retro/contract/ShippingService"
import * as GrpcServer from "@retro/grpc/GrpcServer"
import { Effect, Layer } from "effect"
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import * as Station from "../src/Station.ts"
import * as Shop from "./Shop.ts"

const root = fileURLToPath(new URL("../../..", import.meta.url))

/** All eight services of the real shop on one gRPC port. */
const served = GrpcServer.layer(
  CartService,
  CheckoutService,
  CurrencyService,
  EmailService,
  PaymentService,
  ProductCatalogService,
  RecommendationService,
  ShippingService
).pipe(Layer.provide(Shop.layer(Station.fused)), Layer.provide(Shop.anyPort))

/** Calls an rpc with `buf curl`, a client that is not ours; answers what it prints, an answer or an error, as JSON. */
const call = Effect.fnUntraced(function* (rpc: string, message: unknown, ...options: ReadonlyArray<string>) {
  const { port } = yield* GrpcServer.GrpcServer
  const printed = yield* Effect.async<string>((resume) => {
    execFile(
      `${root}/node_modules/.bin/buf`,
      [
        "curl",
        "--protocol",
        "grpc",
        "--http2-prior-knowledge",
        ...options,
        "--data",
        JSON.stringify(message),
        `http://127.0.0.1:${port}/${rpc}`
      ],
      { cwd: root },
      (_error, stdout, stderr) => resume(Effect.succeed(stdout === "" ? stderr : stdout))
    )
  })
  return JSON.parse(printed)
})

const item = { productId: "OLJCESPC7Z", quantity: 2 }
const address = { streetAddress: "1 Main St", city: "Springfield", country: "US", postalCode: "01234" }
const usd = (units: number, nanos = 0) => ({ currencyCode: "USD", units: String(units), nanos })
const card = (number: string, changes: object = {}) => ({
  creditCardNumber: number,
  securityCode: "672",
  creditCardExpirationYear: 2039,
  creditCardExpirationMonth: 1,
  ...changes
})
const good = "4432801561520454"

const answers: ReadonlyArray<readonly [rpc: string, message: unknown, holds: (answer: any) => boolean]> = [
  ["CartService/AddItem", { userId: "buf", item }, (answer) => JSON.stringify(answer) === "{}"],
  ["CartService/GetCart", { userId: "buf" }, (cart) => cart.items[0].quantity === 2],
  ["ProductCatalogService/GetProduct", { id: "OLJCESPC7Z" }, (product) => product.priceUsd.nanos === 990000000],
  ["ProductCatalogService/ListProducts", {}, (answer) => answer.products.length === 36],
  ["ProductCatalogService/SearchProducts", { query: "scarab" }, (answer) => answer.results[0].name === "Sir Scarab"],
  ["CurrencyService/GetSupportedCurrencies", {}, (answer) => answer.currencyCodes.includes("JPY")],
  ["CurrencyService/Convert", { from: usd(10), toCode: "EUR" }, (money) => money.units === "8"],
  ["ShippingService/GetQuote", { items: [item] }, (quote) => quote.costUsd.units === "8"],
  ["PaymentService/Charge", { amount: usd(1), creditCard: card(good) }, (charge) => charge.cardLastFour === "0454"],
  ["RecommendationService/ListRecommendations", { userId: "buf" }, (answer) => answer.productIds.length === 5]
]

const refusals: ReadonlyArray<readonly [rpc: string, message: unknown, code: string, reason: string]> = [
  ["ProductCatalogService/GetProduct", { id: "NOSUCHGAME" }, "not_found", "ProductNotFound"],
  ["CartService/AddItem", { userId: "buf2", item: { ...item, quantity: 100 } }, "invalid_argument", "item.quantity"],
  ["CartService/GetCart", {}, "invalid_argument", "userId"],
  ["CurrencyService/Convert", { from: usd(1), toCode: "KWD" }, "invalid_argument", "UnsupportedCurrency"],
  ["CurrencyService/Convert", { from: usd(1, -5), toCode: "EUR" }, "invalid_argument", "from"],
  [
    "PaymentService/Charge",
    { amount: usd(1), creditCard: card("4432801561520512") },
    "failed_precondition",
    "CardDeclined"
  ],
  [
    "PaymentService/Charge",
    { amount: usd(1), creditCard: card("4111111111111111") },
    "invalid_argument",
    "TestCardRefused"
  ],
  ["PaymentService/Charge", { amount: usd(0), creditCard: card(good) }, "invalid_argument", "AmountNotPayable"],
  [
    "PaymentService/Tokenize",
    { creditCard: card(good, { creditCardExpirationYear: 2020 }) },
    "invalid_argument",
    "CardExpired"
  ],
  ["PaymentService/Refund", { idempotencyKey: "never-charged" }, "not_found", "ChargeNotFound"],
  [
    "ShippingService/GetQuote",
    { address: { ...address, country: "AQ" }, items: [item] },
    "failed_precondition",
    "AddressNotServed"
  ],
  ["ShippingService/GetTracking", { trackingId: "ABCDEFGH1234" }, "not_found", "TrackingNotFound"],
  ["EmailService/SendOrderConfirmation", { email: "nobody" }, "invalid_argument", "email"],
  [
    "CheckoutService/GetOrder",
    { userId: "buf", orderId: "00000000-0000-8000-8000-000000000000" },
    "not_found",
    "OrderNotFound"
  ],
  [
    "CheckoutService/PlaceOrder",
    { userId: "empty", userCurrency: "USD", address, email: "someone@example.com", creditCard: card(good) },
    "failed_precondition",
    "EmptyCart"
  ]
]

layer(served, { excludeTestServices: true, timeout: "60 seconds" })("clients that are not ours", (it) => {
  for (const [rpc, message, holds] of answers) {
    it.effect(`get an answer of ${rpc}`, () =>
      Effect.map(call(`retrostation.${rpc}`, message), (answer) => assertTrue(holds(answer), JSON.stringify(answer)))
    )
  }

  for (const [rpc, message, code, reason] of refusals) {
    it.effect(`get ${reason} of ${rpc}, by its status and its details`, () =>
      Effect.gen(function* () {
        const error = yield* call(`retrostation.${rpc}`, message)
        assertEquals(error.code, code)
        const [detail] = error.details
        assertTrue(Buffer.from(detail.value, "base64").toString("latin1").includes(reason), JSON.stringify(error))
      })
    )
  }

  it.effect("D12: one that knows only the original messages buys, and buys once when it repeats itself", () =>
    Effect.gen(function* () {
      const original = ["--schema", "packages/station/test/original"]
      const order = {
        userId: "old-client",
        userCurrency: "EUR",
        address: {
          streetAddress: "1 Main St",
          city: "Springfield",
          state: "CA",
          country: "United States",
          zipCode: 94043
        },
        email: "someone@example.com",
        creditCard: {
          creditCardNumber: good,
          creditCardCvv: 67,
          creditCardExpirationYear: 2039,
          creditCardExpirationMonth: 1
        }
      }
      yield* call("retrostation.CartService/AddItem", { userId: "old-client", item }, ...original)
      const first = yield* call("retrostation.CheckoutService/PlaceOrder", order, ...original)
      const second = yield* call("retrostation.CheckoutService/PlaceOrder", order, ...original)
      deepStrictEqual(
        first.order.items.map(({ item }: { item: unknown }) => item),
        [item]
      )
      assertEquals(second.order.orderId, first.order.orderId)
    })
  )
})
