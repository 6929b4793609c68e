import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { CartService } from "@retro/contract/CartService"
import { CheckoutService } from "@retro/contract/CheckoutService"
import { PaymentGateway } from "@retro/paymentservice/PaymentGateway"
import { Effect, Fiber, Layer, Logger, LogLevel, TestClock, TestServices } from "effect"
import * as Scenario from "../src/Scenario.ts"
import * as Station from "../src/Station.ts"

const quiet = Logger.minimumLogLevel(LogLevel.None)

const place = Effect.flatMap(CheckoutService, ({ placeOrder }) => placeOrder(Scenario.order))
const cart = Effect.flatMap(CartService, ({ getCart }) => getCart({ userId: Scenario.shopper }))

for (const [name, wiring] of Object.entries({ fused: Station.fused, split: Station.split })) {
  describe(`scenarios, ${name}`, () => {
    it.live("a shop full of stock sells", () =>
      Effect.gen(function* () {
        yield* Scenario.fillCart
        const { order } = yield* place
        deepStrictEqual(
          order.items.map(({ item }) => item),
          [Scenario.game]
        )
        deepStrictEqual((yield* cart).items, [])
      }).pipe(Effect.provide([Scenario.fullOfStock(wiring), quiet]))
    )

    it.live("where payments decline nothing is sold, and the cart stays as it is", () =>
      Effect.gen(function* () {
        yield* Scenario.fillCart
        const refused = yield* Effect.flip(place)
        assertTrue(refused._tag === "CardDeclined" && refused.reason === "stolen-card")
        deepStrictEqual((yield* cart).items, [Scenario.game])
      }).pipe(Effect.provide([Scenario.paymentsDecline("stolen-card", wiring), quiet]))
    )
  })
}

it.scoped("with shipping on strike the card gets its money back", () =>
  Effect.gen(function* () {
    const shop = yield* TestServices.provideLive(Layer.build(Scenario.shippingOnStrike()))
    const { failure, orders } = yield* Effect.gen(function* () {
      yield* Scenario.fillCart
      const placing = yield* Effect.fork(Effect.flip(place))
      // Checkout asks the carrier again for a while.
      const failure = yield* Effect.raceFirst(Fiber.join(placing), Effect.forever(TestClock.adjust("1 second")))
      const { listOrders } = yield* CheckoutService
      return { failure, ...(yield* listOrders({ userId: Scenario.shopper })) }
    }).pipe(Effect.provide(shop))
    assertEquals(failure._tag, "ShippingUnavailable")
    deepStrictEqual(
      orders.map(({ payment }) => payment),
      ["refunded"]
    )
  })
)

it.live("one's own layer goes before the world", () =>
  Effect.gen(function* () {
    const asked: Array<string> = []
    const curious = Layer.effect(
      PaymentGateway,
      Effect.map(PaymentGateway, (gateway) => ({
        ...gateway,
        charge: (request) =>
          Effect.zipRight(
            Effect.sync(() => asked.push(request.key)),
            gateway.charge(request)
          )
      }))
    ).pipe(Layer.provide(Scenario.world))
    const shop = Station.services(Station.fused).pipe(Layer.provide(curious), Layer.provide(Scenario.world))
    yield* Effect.provide(Effect.zipRight(Scenario.fillCart, place), [shop, quiet])
    assertEquals(asked.length, 1)
  })
)
