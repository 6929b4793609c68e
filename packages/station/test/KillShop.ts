import type { Rpc } from "@effect/rpc"
import * as OrderKey from "@retro/checkoutservice/OrderKey"
import { CartService } from "@retro/contract/CartService"
import { CheckoutService, type OrderStatus } from "@retro/contract/CheckoutService"
import type { Contract } from "@retro/contract/Contract"
import { CurrencyService } from "@retro/contract/CurrencyService"
import { EmailService } from "@retro/contract/EmailService"
import { PaymentService } from "@retro/contract/PaymentService"
import { ProductCatalogService } from "@retro/contract/ProductCatalogService"
import { ShippingService } from "@retro/contract/ShippingService"
import * as Currency from "@retro/currencyservice/Currency"
import { Address } from "@retro/domain/Address"
import { CartItem } from "@retro/domain/Cart"
import { CreditCard } from "@retro/domain/CreditCard"
import { IdempotencyKey, ProductId, TrackingId, UserId } from "@retro/domain/Ids"
import * as GrpcClient from "@retro/grpc/GrpcClient"
import * as GrpcServer from "@retro/grpc/GrpcServer"
import * as ProductCatalog from "@retro/productcatalogservice/ProductCatalog"
import { Context, Effect, Layer, Logger, LogLevel, Redacted, Schedule } from "effect"
import { randomBytes } from "node:crypto"
import * as Ports from "../../../scripts/services/Ports.ts"
import * as RedisServer from "../../redis/test/RedisServer.ts"
import * as Bundled from "./Bundled.ts"
import * as Gate from "./Gate.ts"
import * as Shop from "./Shop.ts"
import * as Stores from "../src/Stores.ts"
import * as Truth from "./Truth.ts"

/** The services that do the steps of an order, each a process of its own over one Redis, with a gate before them. */
const make = Effect.gen(function* () {
  const folder = yield* Bundled.folder([
    "cartservice",
    "paymentservice",
    "shippingservice",
    "emailservice",
    "checkoutservice"
  ])
  const redis = yield* RedisServer.make("--appendonly", "yes", "--appendfsync", "always")
  const shared = { REDIS_ADDR: redis.address, PII_KEY: randomBytes(32).toString("base64") }
  const gate = Gate.make()
  const process = Effect.fnUntraced(function* (tier: Parameters<typeof Bundled.make>[1], environment = {}) {
    const port = yield* Ports.free(0, new Set())
    return yield* Bundled.make(folder, tier, port, { ...shared, ...environment })
  })
  const services = yield* Effect.all({
    cart: process("cartservice"),
    payment: process("paymentservice"),
    shipping: process("shippingservice"),
    email: process("emailservice")
  })
  yield* Effect.forEach(Object.values(services), ({ start }) => start, { concurrency: 2 })
  const catalog = yield* Effect.orDie(Layer.build(bundledCatalog))
  const cart = yield* gate.before(CartService, services.cart.address)
  const payment = yield* gate.before(PaymentService, services.payment.address)
  const shipping = yield* gate.before(ShippingService, services.shipping.address)
  const email = yield* gate.before(EmailService, services.email.address)
  const { port } = Context.get(catalog, GrpcServer.GrpcServer)
  const addresses = {
    CART_SERVICE_ADDR: `127.0.0.1:${cart}`,
    PAYMENT_SERVICE_ADDR: `127.0.0.1:${payment}`,
    SHIPPING_SERVICE_ADDR: `127.0.0.1:${shipping}`,
    EMAIL_SERVICE_ADDR: `127.0.0.1:${email}`,
    CURRENCY_SERVICE_ADDR: `127.0.0.1:${port}`,
    PRODUCT_CATALOG_SERVICE_ADDR: `127.0.0.1:${port}`
  }
  const carts = yield* client(CartService, services.cart.address)

  /** A replica of checkoutservice that runs, and a client of it. */
  const replica = Effect.fnUntraced(function* (environment: Readonly<Record<string, string>> = {}) {
    const checkout = yield* process("checkoutservice", { ...addresses, ...environment })
    yield* checkout.start
    return { ...checkout, ...(yield* client(CheckoutService, checkout.address)) }
  })

  const [payments, shipments] = yield* Effect.all([
    client(PaymentService, addresses.PAYMENT_SERVICE_ADDR),
    client(ShippingService, addresses.SHIPPING_SERVICE_ADDR)
  ])
  /** Succeed when a service that was started again is reached through the gate. Steps of the other two wait for ever. */
  const awake = {
    payment: answered(payments.refund({ idempotencyKey: IdempotencyKey.make("never-charged") })),
    shipping: answered(shipments.getTracking({ trackingId: TrackingId.make("RS00000000") })),
    cart: Effect.void,
    email: Effect.void
  }
  /** A replica that is never killed, and would take over from itself soon. */
  const steady = yield* replica({ JOURNAL_LEASE: "2 seconds" })

  return {
    redis,
    key: shared.PII_KEY,
    gate,
    awake,
    steady,
    services,
    carts,
    replica,
    truth: yield* Truth.make(redis, services)
  }
})

/** The shop of the kill tests. */
export class KillShop extends Context.Tag("@retro/station/test/KillShop")<
  KillShop,
  Effect.Effect.Success<typeof make>
>() {}

/** With all that they know in one Redis. */
export const layerRedis = Layer.scoped(KillShop, make).pipe(Layer.provide(Logger.minimumLogLevel(LogLevel.None)))

/** How an order is meant to end. */
export type Path = "success" | "decline" | "no carrier"

/** Somebody's order of two games, with a cart that holds them. */
export const order = Effect.fnUntraced(function* (path: Path) {
  const { carts, gate } = yield* KillShop
  const userId = UserId.make(`user-${crypto.randomUUID()}`)
  const key = IdempotencyKey.make(crypto.randomUUID())
  const id = OrderKey.orderIdOf(userId, key)
  if (path === "no carrier") gate.strike(id)
  yield* carts.addItem({ userId, item: new CartItem({ productId: ProductId.make("OLJCESPC7Z"), quantity: 2 }) })
  const request = {
    userId,
    userCurrency: "EUR" as const,
    address: new Address({
      recipient: "Someone",
      streetAddress: "1 Main St",
      city: "Springfield",
      state: "",
      postalCode: "01234",
      country: "US"
    }),
    email: Redacted.make("someone@example.com"),
    creditCard: new CreditCard({
      number: Redacted.make(path === "decline" ? "4432801561520512" : "4432801561520454"),
      securityCode: Redacted.make("672"),
      expirationYear: 2099,
      expirationMonth: 1
    }),
    idempotencyKey: key,
    cartVersion: undefined,
    shownTotal: undefined
  }
  return { id, userId, path, request }
})

export type Order = Effect.Effect.Success<ReturnType<typeof order>>

/** The order once nothing is left to do about it, as that replica sees it. */
export const atRest = (checkout: typeof CheckoutService.Service, { id, userId }: Order): Effect.Effect<OrderStatus> =>
  checkout.getOrder({ userId, orderId: id }).pipe(
    Effect.retry(Schedule.spaced("50 millis")),
    Effect.map(({ status }) => status),
    Effect.delay("50 millis"),
    Effect.repeat({ until: ({ email, state }) => state !== "in-progress" && email !== "pending" }),
    Effect.timeoutFail({ duration: "30 seconds", onTimeout: () => new Error(`order ${id} does not come to rest`) }),
    Effect.orDie
  )

/** Asks until there is a verdict, whichever. */
const answered = (call: Effect.Effect<unknown, { readonly _tag: string }>) =>
  call.pipe(
    Effect.retry({ while: ({ _tag }) => _tag === "CallFailed", schedule: Schedule.spaced("20 millis") }),
    Effect.ignore
  )

const client = <Self, R extends Rpc.Any>(contract: Contract<Self, R>, address: string) =>
  Effect.map(Layer.build(GrpcClient.layer(contract, address)), Context.get(contract))

/** What prices need beside the shop's own: never killed. */
const bundledCatalog = GrpcServer.layer(ProductCatalogService, CurrencyService).pipe(
  Layer.provide([ProductCatalog.layer, Currency.layer]),
  Layer.provide([Stores.bundled, Shop.anyPort])
)
