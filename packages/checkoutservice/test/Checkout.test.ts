import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { CartUnavailable } from "@retro/contract/CartService"
import {
  CartChanged,
  CheckoutService,
  EmptyCart,
  OrderLimitExceeded,
  OrderNotFound,
  PaymentUnavailable,
  PriceChanged,
  PricingUnavailable
} from "@retro/contract/CheckoutService"
import { UnsupportedCurrency } from "@retro/contract/CurrencyService"
import { MailUnavailable } from "@retro/contract/EmailService"
import { IdempotencyKeyReused } from "@retro/contract/IdempotencyKeyReused"
import { CardDeclined, InvalidCvv } from "@retro/contract/PaymentService"
import { ProductNotFound } from "@retro/contract/ProductCatalogService"
import { ShippingUnavailable } from "@retro/contract/ShippingService"
import { Cart, CartItem } from "@retro/domain/Cart"
import { CreditCard } from "@retro/domain/CreditCard"
import { IdempotencyKey, OrderId, UserId } from "@retro/domain/Ids"
import * as Money from "@retro/domain/Money"
import { Address } from "@retro/domain/Address"
import * as Loopback from "@retro/grpc/Loopback"
import { Deferred, Effect, Either, Fiber, Option, Redacted } from "effect"
import {
  checkout,
  game,
  makeWorld,
  money,
  order,
  product,
  type Replaced,
  shopper,
  silence,
  type World
} from "./Shop.ts"

const key = IdempotencyKey.make("key-1234567890")
const declined = "4000000000000002"
const other = IdempotencyKey.make("key-0987654321")

const wirings = [
  ["directly", (world: World, replaced?: Replaced) => checkout(world, replaced)],
  ["over gRPC", (world: World, replaced?: Replaced) => Loopback.layer(CheckoutService, checkout(world, replaced))]
] as const

type Request = Partial<Parameters<typeof CheckoutService.Service.placeOrder>[0]>

const place = (request: Request = {}) =>
  Effect.flatMap(CheckoutService, (service) =>
    Effect.map(service.placeOrder({ ...order, idempotencyKey: key, ...request }), (answer) => answer.order)
  )

const failing = (request?: Request) => Effect.flip(place(request))

const statusOf = (orderId: OrderId) =>
  Effect.flatMap(CheckoutService, (service) =>
    Effect.map(service.getOrder({ userId: shopper, orderId }), ({ status }) => status)
  )

for (const [wiring, layer] of wirings) {
  // At once: the ones where somebody is silent mostly wait.
  describe.concurrent(`checkout ${wiring}`, () => {
    const inWorld = (world: World, replaced?: Replaced) => Effect.provide(layer(world, replaced))

    it.live("prices, charges, ships, clears the cart and writes, each once", () => {
      const world = makeWorld()
      return Effect.gen(function* () {
        const placed = yield* place()
        assertEquals(Money.format(placed.total), "$48.97")
        assertEquals(Money.format(placed.shippingCost), "$8.99")
        deepStrictEqual([...world.charged.values()], ["$48.97"])
        deepStrictEqual(
          [world.shipped.length, world.removed.length, world.mailed.length, world.refunded.length],
          [1, 1, 1, 0]
        )
        const status = yield* statusOf(placed.orderId)
        deepStrictEqual(
          [status.state, status.payment, status.shipment, status.email],
          ["completed", "charged", "shipped", "sent"]
        )
        assertEquals(status.order?.shippingAddress.postalCode, "01234")
      }).pipe(inWorld(world))
    })

    it.live("R12: displayed lines and shipping add up to the total and the charge in another currency", () => {
      const world = makeWorld()
      return Effect.gen(function* () {
        const placed = yield* place({ userCurrency: "EUR" })
        // 19.99 / 2 = 9.995 is what the stub answers; only payable prices are charged.
        assertEquals(world.conversions, 1)
        assertTrue(Money.isPayable(placed.total))
        const sum = placed.items.reduce(
          (sum, { lineTotal }) => sum + Money.toNanos(lineTotal),
          Money.toNanos(placed.shippingCost)
        )
        assertEquals(Money.toNanos(placed.total), sum)
        deepStrictEqual([...world.charged.values()], [Money.format(placed.total)])
      }).pipe(
        inWorld(world, {
          currency: {
            convertBatch: ({ from }) =>
              Effect.sync(() => {
                world.conversions++
                return { converted: from.map((amount) => money("EUR", Money.toDecimal(amount))), ratesDate: "" }
              })
          }
        })
      )
    })

    it.live("D4, R1: the same key orders once and answers the same order", () => {
      const world = makeWorld()
      return Effect.gen(function* () {
        const first = yield* place()
        const second = yield* place()
        assertEquals(second.orderId, first.orderId)
        deepStrictEqual([world.charged.size, world.shipped.length, world.mailed.length], [1, 1, 1])
      }).pipe(inWorld(world))
    })

    it.live("D2, R1: fifty submits of one key at once are one order", () => {
      const world = makeWorld()
      return Effect.gen(function* () {
        const orders = yield* Effect.all(
          Array.from({ length: 50 }, () => place()),
          { concurrency: "unbounded" }
        )
        assertEquals(new Set(orders.map(({ orderId }) => orderId)).size, 1)
        deepStrictEqual(
          [world.charged.size, world.shipped.length, world.mailed.length, world.removed.length],
          [1, 1, 1, 1]
        )
      }).pipe(inWorld(world))
    })

    it.live("R5: the same key with another input is refused and charges nothing", () => {
      const world = makeWorld()
      return Effect.gen(function* () {
        yield* place()
        for (const changed of [
          { email: Redacted.make("other@example.com") },
          { address: new Address({ ...order.address, city: "Elsewhere" }) },
          { userCurrency: "EUR" },
          { cartVersion: 6 },
          { creditCard: new CreditCard({ ...order.creditCard, number: Redacted.make(declined) }) }
        ] as const) {
          assertTrue((yield* failing(changed)) instanceof IdempotencyKeyReused, Object.keys(changed).join())
        }
        assertEquals(world.charged.size, 1)
      }).pipe(inWorld(world))
    })

    it.live("D4: an empty cart is no order", () => {
      const world = makeWorld()
      world.cart = new Cart({ userId: shopper, items: [], version: 8 })
      return Effect.gen(function* () {
        assertTrue((yield* failing()) instanceof EmptyCart)
        assertTrue((yield* failing({ idempotencyKey: undefined })) instanceof EmptyCart)
        assertEquals(world.charged.size, 0)
      }).pipe(inWorld(world))
    })

    it.live("R5: a client without keys that repeats itself gets the order it placed", () => {
      const world = makeWorld()
      return Effect.gen(function* () {
        const first = yield* place({ idempotencyKey: undefined })
        const second = yield* place({ idempotencyKey: undefined })
        assertEquals(second.orderId, first.orderId)
        assertEquals(world.charged.size, 1)
      }).pipe(inWorld(world))
    })

    it.live("R5: a client without keys: another cart of the same version is another order", () => {
      const world = makeWorld()
      return Effect.gen(function* () {
        const first = yield* place({ idempotencyKey: undefined })
        world.cart = new Cart({ userId: shopper, items: [new CartItem({ productId: game, quantity: 9 })], version: 7 })
        const second = yield* place({ idempotencyKey: undefined })
        assertTrue(second.orderId !== first.orderId)
        deepStrictEqual([second.items[0].item.quantity, world.charged.size], [9, 2])
      }).pipe(inWorld(world))
    })

    it.live("a client without keys: what failed for a passing reason succeeds when it is over", () => {
      const world = makeWorld()
      let up = false
      const quote = Effect.suspend(() => (up ? Effect.succeed({ costUsd: money("USD", "8.99") }) : silence))
      return Effect.gen(function* () {
        assertTrue((yield* failing({ idempotencyKey: undefined })) instanceof PricingUnavailable)
        up = true
        yield* place({ idempotencyKey: undefined })
        assertEquals(world.charged.size, 1)
      }).pipe(inWorld(world, { shipping: { getQuote: () => quote } }))
    })

    it.live("R5: another total than the shopper saw is PriceChanged and charges nothing", () => {
      const world = makeWorld()
      return Effect.gen(function* () {
        const error = yield* failing({ shownTotal: money("USD", "48.96") })
        deepStrictEqual({ ...error }, { ...new PriceChanged({ currencyCode: "USD", shown: "48.96", now: "48.97" }) })
        assertEquals(world.charged.size, 0)
        yield* place({ idempotencyKey: other, shownTotal: money("USD", "48.97") })
      }).pipe(inWorld(world))
    })

    it.live("R5: another cart than the shopper saw is CartChanged and charges nothing", () => {
      const world = makeWorld()
      return Effect.gen(function* () {
        deepStrictEqual({ ...(yield* failing({ cartVersion: 6 })) }, { ...new CartChanged({ shown: 6, now: 7 }) })
        assertEquals(world.charged.size, 0)
        yield* place({ idempotencyKey: other, cartVersion: 7 })
      }).pipe(inWorld(world))
    })

    it.live(
      "D21: a game that left the catalogue, a currency without a rate, a fortune: typed, and nothing is charged",
      () => {
        const world = makeWorld()
        return Effect.gen(function* () {
          assertTrue((yield* failing({ userCurrency: "GBP" })) instanceof UnsupportedCurrency)
          world.products = []
          assertTrue((yield* failing({ idempotencyKey: other })) instanceof ProductNotFound)
          world.products = [product(game, "99999.00")]
          assertTrue(
            (yield* failing({ idempotencyKey: IdempotencyKey.make("key-fortune") })) instanceof OrderLimitExceeded
          )
          assertEquals(world.charged.size, 0)
        }).pipe(inWorld(world))
      }
    )

    it.live("D21: a refused card is its own error before anything begins", () => {
      const world = makeWorld()
      return Effect.gen(function* () {
        assertTrue((yield* failing()) instanceof InvalidCvv)
        const service = yield* CheckoutService
        deepStrictEqual((yield* service.listOrders({ userId: shopper })).orders, [])
      }).pipe(inWorld(world, { payment: { tokenize: () => new InvalidCvv() } }))
    })

    it.live("D21, R5: decline, then another card: exactly one order", () => {
      const world = makeWorld()
      return Effect.gen(function* () {
        const card = new CreditCard({ ...order.creditCard, number: Redacted.make(declined) })
        const error = yield* failing({ creditCard: card })
        deepStrictEqual({ ...error }, { ...new CardDeclined({ reason: "insufficient-funds" }) })
        assertTrue((yield* failing({ creditCard: card })) instanceof CardDeclined)
        const placed = yield* place({ idempotencyKey: other })
        deepStrictEqual([world.charged.size, world.shipped.length], [1, 1])
        assertEquals((yield* statusOf(placed.orderId)).state, "completed")
      }).pipe(
        inWorld(world, {
          payment: {
            charge: ({ cardToken = "", idempotencyKey = "" }) =>
              cardToken.endsWith(declined)
                ? new CardDeclined({ reason: "insufficient-funds" })
                : Effect.sync(() => {
                    world.charged.set(idempotencyKey, "")
                    return { transactionId: "t" as never, cardBrand: "visa", cardLastFour: "0454" }
                  })
          }
        })
      )
    })

    it.live("D3, R4: what cannot be shipped is refunded, once, and the order says so", () => {
      const world = makeWorld()
      return Effect.gen(function* () {
        assertTrue((yield* failing()) instanceof ShippingUnavailable)
        assertTrue((yield* failing()) instanceof ShippingUnavailable)
        deepStrictEqual(world.refunded, [...world.charged.keys()])
        const service = yield* CheckoutService
        const { orders } = yield* service.listOrders({ userId: shopper })
        deepStrictEqual(
          orders.map(({ failure, payment, shipment, state }) => [state, payment, shipment, failure]),
          [["failed", "refunded", "not-shipped", "ShippingUnavailable"]]
        )
        deepStrictEqual([world.mailed, world.removed], [[], []])
      }).pipe(inWorld(world, { shipping: { shipOrder: () => new ShippingUnavailable() } }))
    })

    it.live("R2: a silent carrier: the shipment is cancelled before the charge is refunded", () => {
      const world = makeWorld()
      const log: Array<string> = []
      return Effect.gen(function* () {
        assertTrue((yield* failing()) instanceof ShippingUnavailable)
        deepStrictEqual(log, ["cancel", "refund"])
      }).pipe(
        inWorld(world, {
          shipping: {
            shipOrder: () => silence,
            cancelShipment: () =>
              Effect.sync(() => {
                log.push("cancel")
                return { stopped: true }
              })
          },
          payment: {
            refund: () =>
              Effect.sync(() => {
                log.push("refund")
                return { refundId: "r" as never }
              })
          }
        })
      )
    })

    it.live("R2: a carrier's refusal for now is made one for good before the charge is refunded", () => {
      const world = makeWorld()
      return Effect.gen(function* () {
        assertTrue((yield* failing()) instanceof ShippingUnavailable)
        deepStrictEqual([world.cancelled.length, world.refunded.length], [1, 1])
      }).pipe(inWorld(world, { shipping: { shipOrder: () => new ShippingUnavailable() } }))
    })

    it.live("R2: a silent issuer: asked again under one key, then voided, never taken for a decline", () => {
      const world = makeWorld()
      const asked: Array<string> = []
      return Effect.gen(function* () {
        assertTrue((yield* failing()) instanceof PaymentUnavailable)
        assertTrue(asked.length > 1 && new Set(asked).size === 1)
        deepStrictEqual(world.voided, [asked[0]])
        deepStrictEqual(world.shipped, [])
      }).pipe(
        inWorld(world, {
          payment: {
            charge: ({ idempotencyKey = "" }) =>
              Effect.suspend(() => {
                asked.push(idempotencyKey)
                return silence
              })
          }
        })
      )
    })

    it.live("what the price depends on is silent: no order begins and nothing is charged", () => {
      const world = makeWorld()
      return Effect.gen(function* () {
        assertTrue((yield* failing()) instanceof PricingUnavailable)
        assertEquals(world.charged.size, 0)
      }).pipe(inWorld(world, { shipping: { getQuote: () => silence } }))
    })

    it.live("D5, D14: after the charge a failing e-mail or cart is no error, and the page is told the truth", () => {
      const world = makeWorld()
      return Effect.gen(function* () {
        const placed = yield* place()
        const status = yield* statusOf(placed.orderId)
        deepStrictEqual([status.state, status.payment, status.email], ["completed", "charged", "pending"])
      }).pipe(
        inWorld(world, {
          email: { sendOrderConfirmation: () => new MailUnavailable() },
          cart: { removeBought: () => new CartUnavailable() }
        })
      )
    })

    it.live("D6, R8: the cart is told exactly what was bought, under the order's key", () => {
      const world = makeWorld()
      const told: Array<unknown> = []
      return Effect.gen(function* () {
        const placed = yield* place()
        deepStrictEqual(told, [[String(placed.orderId), [new CartItem({ productId: game, quantity: 2 })]]])
      }).pipe(
        inWorld(world, {
          cart: {
            removeBought: ({ lines, orderKey }) => Effect.sync(() => void told.push([String(orderKey), [...lines]]))
          }
        })
      )
    })

    it.live("R8: another form, while what the first one bought is still in the cart: buys none of it again", () => {
      const world = makeWorld()
      let up = false
      return Effect.gen(function* () {
        const first = yield* place()
        assertEquals(world.cart.items.length, 1)
        up = true
        const second = yield* failing({ idempotencyKey: other, cartVersion: 7 })
        assertTrue(second instanceof CartChanged || second instanceof EmptyCart)
        deepStrictEqual([world.charged.size, world.shipped.length], [1, 1])
        assertTrue(world.removed.every((orderKey) => orderKey === first.orderId) && world.cart.items.length === 0)
      }).pipe(
        inWorld(world, {
          cart: {
            removeBought: ({ orderKey }) =>
              Effect.suspend(() => {
                if (!up) return new CartUnavailable()
                world.removed.push(orderKey)
                world.cart = new Cart({ userId: shopper, items: [], version: world.cart.version + 1 })
                world.heldBy = world.heldBy === orderKey ? undefined : world.heldBy
                return Effect.void
              })
          }
        })
      )
    })

    for (const [how, verdict, ends] of [
      ["succeeds", Effect.void, "EmptyCart"],
      ["is declined", new CardDeclined({ reason: "insufficient-funds" }), "bought"]
    ] as const) {
      it.live(`another form of the same cart waits for the first one, which ${how}: one order`, () => {
        const world = makeWorld()
        return Effect.gen(function* () {
          const [charging, decided] = [yield* Deferred.make<void>(), yield* Deferred.make<void, CardDeclined>()]
          const charge = ({ idempotencyKey = "" }) =>
            Effect.gen(function* () {
              if (yield* Deferred.succeed(charging, undefined)) yield* Deferred.await(decided)
              world.charged.set(idempotencyKey, "")
              return { transactionId: "t" as never, cardBrand: "visa", cardLastFour: "0454" }
            })
          yield* Effect.gen(function* () {
            const first = yield* Effect.fork(Effect.either(place()))
            yield* Deferred.await(charging)
            const second = yield* Effect.fork(Effect.either(place({ idempotencyKey: other })))
            assertTrue(Option.isNone(yield* Effect.timeoutOption(Fiber.join(second), "300 millis")))
            yield* Deferred.complete(decided, verdict)
            yield* Fiber.join(first)
            const answer = yield* Fiber.join(second)
            assertEquals(Either.isRight(answer) ? "bought" : answer.left._tag, ends)
            deepStrictEqual([world.charged.size, world.shipped.length, world.mailed.length], [1, 1, 1])
          }).pipe(inWorld(world, { payment: { charge } }))
        })
      })
    }

    it.live("D7, R10: a caller who hangs up after the charge still has his order", () => {
      const world = makeWorld()
      return Effect.gen(function* () {
        const [charging, go] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
        const hold = Deferred.succeed(charging, undefined).pipe(
          Effect.zipRight(Deferred.await(go)),
          Effect.as({ trackingId: "RS12345678" as never })
        )
        yield* Effect.gen(function* () {
          const caller = yield* Effect.fork(place())
          yield* Deferred.await(charging)
          yield* Fiber.interrupt(caller)
          yield* Deferred.succeed(go, undefined)
          const placed = yield* place()
          assertEquals((yield* statusOf(placed.orderId)).state, "completed")
          deepStrictEqual([world.charged.size, world.refunded.length], [1, 0])
        }).pipe(inWorld(world, { shipping: { shipOrder: () => hold } }))
      })
    })

    it.live("D7: the calls of an order belong to the trace of whoever placed it", () => {
      const world = makeWorld()
      const seen: Array<string> = []
      return Effect.gen(function* () {
        const traceId = yield* Effect.zipRight(
          place(),
          Effect.map(Effect.currentSpan, (span) => span.traceId)
        ).pipe(Effect.withSpan("shopper"))
        deepStrictEqual(seen, [traceId])
      }).pipe(
        inWorld(world, {
          shipping: {
            shipOrder: () =>
              Effect.map(Effect.orDie(Effect.currentSpan), (span) => {
                seen.push(span.traceId)
                return { trackingId: "RS12345678" as never }
              })
          }
        })
      )
    })

    it.live("an order is its owner's alone", () => {
      const world = makeWorld()
      return Effect.gen(function* () {
        const service = yield* CheckoutService
        const placed = yield* place()
        const stranger = UserId.make("stranger")
        assertTrue(
          (yield* Effect.flip(service.getOrder({ userId: stranger, orderId: placed.orderId }))) instanceof OrderNotFound
        )
        deepStrictEqual((yield* service.listOrders({ userId: stranger })).orders, [])
        deepStrictEqual(
          (yield* service.listOrders({ userId: shopper })).orders.map(({ orderId }) => orderId),
          [placed.orderId]
        )
      }).pipe(inWorld(world))
    })

    it.live("a list that leaves out earlier attempts says so", () => {
      const world = makeWorld()
      return Effect.gen(function* () {
        const listOrders = Effect.flatMap(CheckoutService, (service) => service.listOrders({ userId: shopper }))
        yield* place()
        world.cart = makeWorld().cart
        world.products = []
        const attempts = Array.from({ length: 200 }, (_, attempt) =>
          failing({ idempotencyKey: IdempotencyKey.make(`key-of-attempt-${attempt}`) })
        )
        yield* Effect.all(attempts.slice(1))
        const before = yield* listOrders
        yield* Effect.all(attempts.slice(0, 1))
        const after = yield* listOrders
        deepStrictEqual([before.orders.length, before.hasEarlier], [1, false])
        deepStrictEqual([after.orders.length, after.hasEarlier], [0, true])
      }).pipe(inWorld(world))
    })

    it.live("D13: order ids of neighbouring keys have nothing in common", () => {
      const world = makeWorld()
      return Effect.gen(function* () {
        const first = yield* place()
        world.cart = makeWorld().cart
        const second = yield* place({ idempotencyKey: other })
        assertTrue(
          first.orderId.slice(0, 8) !== second.orderId.slice(0, 8) &&
            first.orderId.slice(-12) !== second.orderId.slice(-12)
        )
      }).pipe(inWorld(world))
    })
  })
}
