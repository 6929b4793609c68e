import { layer } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { CartService } from "@retro/contract/CartService"
import { CheckoutService } from "@retro/contract/CheckoutService"
import { CurrencyService } from "@retro/contract/CurrencyService"
import { EmailService } from "@retro/contract/EmailService"
import { BadRequest, ErrorInfo } from "@retro/contract/generated/google/rpc/error_details"
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

/** The bytes of an error's only detail, which is a message of this type. */
const detailOf = ({ details }: { details: ReadonlyArray<{ type: string; value: string }> }, type: string) => {
  deepStrictEqual(
    details.map(({ type }) => type),
    [type]
  )
  return Buffer.from(details[0]?.value ?? "", "base64")
}

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

const buyer = { userCurrency: "USD", address, email: "someone@example.com", creditCard: card(good) }
const charge = { amount: usd(1), creditCard: card(good) }
const shipment = { address: { ...address, recipient: "Some One" }, items: [item] }

/** A call of an rpc, and what it is called with. */
type Call = readonly [rpc: string, message: unknown]

const invalid: ReadonlyArray<readonly [...Call, field: string]> = [
  ["CartService/AddItem", { userId: "buf2", item: { ...item, quantity: 100 } }, "item.quantity"],
  ["CartService/GetCart", {}, "userId"],
  ["CurrencyService/Convert", { from: usd(1, -5), toCode: "EUR" }, "from"],
  ["EmailService/SendOrderConfirmation", { email: "nobody" }, "email"]
]

/** What a client reads of an error, and the calls that lead to it. */
interface Refusal {
  readonly code: string
  readonly reason: string
  readonly metadata?: Readonly<Record<string, string>>
  readonly after?: ReadonlyArray<Call>
}

const refusals: ReadonlyArray<readonly [...Call, Refusal]> = [
  [
    "ProductCatalogService/GetProduct",
    { id: "NOSUCHGAME" },
    { code: "not_found", reason: "ProductNotFound", metadata: { productId: "NOSUCHGAME" } }
  ],
  [
    "ProductCatalogService/ListProducts",
    { pageSize: 5, pageToken: "of-no-page" },
    { code: "invalid_argument", reason: "InvalidPageToken" }
  ],
  [
    "CartService/AddItem",
    { userId: "heap", item: { ...item, quantity: 1 } },
    {
      code: "failed_precondition",
      reason: "QuantityTooLarge",
      metadata: { productId: item.productId, maxQuantity: "99" },
      after: [["CartService/AddItem", { userId: "heap", item: { ...item, quantity: 99 } }]]
    }
  ],
  [
    "CartService/AddItem",
    { userId: "full", item },
    {
      code: "resource_exhausted",
      reason: "CartFull",
      metadata: { maxLines: "50" },
      after: Array.from({ length: 50 }, (_, line) => [
        "CartService/AddItem",
        { userId: "full", item: { productId: `GAME${line}`, quantity: 1 } }
      ])
    }
  ],
  [
    "CurrencyService/Convert",
    { from: usd(1), toCode: "KWD" },
    { code: "invalid_argument", reason: "UnsupportedCurrency", metadata: { code: "KWD" } }
  ],
  [
    "CurrencyService/Convert",
    { from: { currencyCode: "USD", units: "9000000000000000000" }, toCode: "JPY" },
    { code: "out_of_range", reason: "AmountTooLarge", metadata: { currencyCode: "JPY" } }
  ],
  [
    "PaymentService/Charge",
    { ...charge, creditCard: card("4432801561520512") },
    { code: "failed_precondition", reason: "CardDeclined", metadata: { reason: "insufficient-funds" } }
  ],
  [
    "PaymentService/Charge",
    { ...charge, creditCard: card("4111111111111111") },
    { code: "invalid_argument", reason: "TestCardRefused" }
  ],
  [
    "PaymentService/Charge",
    { ...charge, creditCard: card("4432801561520455") },
    { code: "invalid_argument", reason: "InvalidCardNumber" }
  ],
  [
    "PaymentService/Charge",
    { ...charge, creditCard: card("6011827492031802") },
    { code: "invalid_argument", reason: "UnacceptedBrand", metadata: { brand: "discover" } }
  ],
  [
    "PaymentService/Charge",
    { ...charge, creditCard: card(good, { securityCode: "67" }) },
    { code: "invalid_argument", reason: "InvalidCvv" }
  ],
  [
    "PaymentService/Charge",
    { ...charge, creditCard: card(good, { creditCardExpirationMonth: 13 }) },
    { code: "invalid_argument", reason: "InvalidExpirationMonth" }
  ],
  ["PaymentService/Charge", { ...charge, amount: usd(0) }, { code: "invalid_argument", reason: "AmountNotPayable" }],
  [
    "PaymentService/Charge",
    { amount: usd(1), cardToken: "of-no-card" },
    { code: "not_found", reason: "CardTokenExpired" }
  ],
  [
    "PaymentService/Charge",
    { ...charge, amount: usd(2), idempotencyKey: "a-key-that-was-charged" },
    {
      code: "already_exists",
      reason: "IdempotencyKeyReused",
      after: [["PaymentService/Charge", { ...charge, idempotencyKey: "a-key-that-was-charged" }]]
    }
  ],
  [
    "PaymentService/Charge",
    { ...charge, idempotencyKey: "a-key-that-was-voided" },
    {
      code: "failed_precondition",
      reason: "ChargeVoided",
      after: [["PaymentService/Void", { idempotencyKey: "a-key-that-was-voided" }]]
    }
  ],
  [
    "PaymentService/Tokenize",
    { creditCard: card(good, { creditCardExpirationYear: 2020 }) },
    { code: "invalid_argument", reason: "CardExpired" }
  ],
  ["PaymentService/Refund", { idempotencyKey: "never-charged" }, { code: "not_found", reason: "ChargeNotFound" }],
  [
    "ShippingService/GetQuote",
    { address: { ...address, country: "AQ" }, items: [item] },
    { code: "failed_precondition", reason: "AddressNotServed", metadata: { country: "AQ" } }
  ],
  [
    "ShippingService/ShipOrder",
    { ...shipment, idempotencyKey: "a-key-that-was-cancelled" },
    {
      code: "failed_precondition",
      reason: "ShipmentCancelled",
      after: [["ShippingService/CancelShipment", { idempotencyKey: "a-key-that-was-cancelled" }]]
    }
  ],
  [
    "ShippingService/GetTracking",
    { trackingId: "ABCDEFGH1234" },
    { code: "not_found", reason: "TrackingNotFound", metadata: { trackingId: "ABCDEFGH1234" } }
  ],
  [
    "CheckoutService/GetOrder",
    { userId: "buf", orderId: "00000000-0000-8000-8000-000000000000" },
    { code: "not_found", reason: "OrderNotFound", metadata: { orderId: "00000000-0000-8000-8000-000000000000" } }
  ],
  ["CheckoutService/PlaceOrder", { ...buyer, userId: "empty" }, { code: "failed_precondition", reason: "EmptyCart" }],
  [
    "CheckoutService/PlaceOrder",
    { ...buyer, userId: "sees-another-cart", cartVersion: 7 },
    {
      code: "aborted",
      reason: "CartChanged",
      metadata: { shown: "7", now: "1" },
      after: [["CartService/AddItem", { userId: "sees-another-cart", item }]]
    }
  ],
  [
    "CheckoutService/PlaceOrder",
    { ...buyer, userId: "sees-another-price", shownTotal: usd(1) },
    {
      code: "aborted",
      reason: "PriceChanged",
      metadata: { currencyCode: "USD", shown: "1.00", now: "48.97" },
      after: [["CartService/AddItem", { userId: "sees-another-price", item }]]
    }
  ],
  [
    "CheckoutService/PlaceOrder",
    { ...buyer, userId: "collector" },
    {
      code: "failed_precondition",
      reason: "OrderLimitExceeded",
      metadata: { limitUsd: "25000" },
      after: ["SWANSTYL3X", "BARB3R0CT8"].map((productId) => [
        "CartService/AddItem",
        { userId: "collector", item: { productId, quantity: 99 } }
      ])
    }
  ]
]

layer(served, { excludeTestServices: true, timeout: "60 seconds" })("clients that are not ours", (it) => {
  for (const [rpc, message, holds] of answers) {
    it.effect(`get an answer of ${rpc}`, () =>
      Effect.map(call(`retrostation.${rpc}`, message), (answer) => assertTrue(holds(answer), JSON.stringify(answer)))
    )
  }

  for (const [rpc, message, field] of invalid) {
    it.effect(`are told that ${field} of ${rpc} is not valid`, () =>
      Effect.gen(function* () {
        const error = yield* call(`retrostation.${rpc}`, message)
        assertEquals(error.code, "invalid_argument")
        const { fieldViolations } = BadRequest.decode(detailOf(error, "google.rpc.BadRequest"))
        assertTrue(
          fieldViolations.some((violation) => violation.field === field),
          JSON.stringify(fieldViolations)
        )
      })
    )
  }

  for (const [rpc, message, { after = [], code, metadata = {}, reason }] of refusals) {
    it.effect(`get ${reason} of ${rpc}, by its status and its details`, () =>
      Effect.gen(function* () {
        for (const [rpc, message] of after) {
          const answer = yield* call(`retrostation.${rpc}`, message)
          assertEquals(answer.code, undefined)
        }
        const error = yield* call(`retrostation.${rpc}`, message)
        assertEquals(error.code, code)
        const info = ErrorInfo.decode(detailOf(error, "google.rpc.ErrorInfo"))
        deepStrictEqual(info, { reason, domain: "retrostation", metadata })
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
