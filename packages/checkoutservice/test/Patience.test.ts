import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import * as CallContext from "@retro/contract/CallContext"
import { CheckoutService } from "@retro/contract/CheckoutService"
import type { CallFailed } from "@retro/contract/Contract"
import { IdempotencyKey } from "@retro/domain/Ids"
import { Clock, Duration, Effect, Fiber, TestClock } from "effect"
import { checkout, makeWorld, order, type Replaced, shopper, silence } from "./Shop.ts"

/** A call that nobody answers: its caller gives up at the deadline of the rpc, or sooner where it has no such time. */
const hanging = (cap: Duration.DurationInput): (() => Effect.Effect<never, CallFailed>) =>
  Effect.fnUntraced(function* () {
    const left = (yield* CallContext.Current).deadline - (yield* Clock.currentTimeMillis)
    return yield* Effect.delay(silence, Math.max(0, Math.min(Duration.toMillis(cap), left)))
  })

const [read, deed] = [hanging("2 seconds"), hanging("5 seconds")]

const place = Effect.flatMap(CheckoutService, (service) =>
  service.placeOrder({ ...order, userCurrency: "EUR", idempotencyKey: IdempotencyKey.make("key-1234567890") })
)

/** What whoever orders is told, and after how many milliseconds. */
const told = Effect.gen(function* () {
  const caller = yield* Effect.fork(Effect.either(place))
  let millis = 0
  for (; millis < 60_000 && caller.unsafePoll() === null; millis += 100) yield* TestClock.adjust("100 millis")
  const answer = yield* Fiber.join(caller)
  return { millis, said: answer._tag === "Left" ? answer.left._tag : "an order" }
})

describe("whoever orders while a service is silent", () => {
  const nothingDone: ReadonlyArray<readonly [string, Replaced]> = [
    ["cart", { cart: { holdCart: read } }],
    ["catalogue", { catalog: { getProducts: read } }],
    ["carrier's prices", { shipping: { getQuote: read } }],
    ["currencies", { currency: { convertBatch: read } }]
  ]
  it.scoped.each(nothingDone)(
    "is told within six seconds where it is the %s, and nothing was charged",
    ([, replaced]) => {
      const world = makeWorld()
      return Effect.gen(function* () {
        const { millis, said } = yield* told
        deepStrictEqual([said, world.charged.size], ["PricingUnavailable", 0])
        assertTrue(millis <= 6_000, `${millis}`)
      }).pipe(Effect.provide(checkout(world, replaced)))
    }
  )

  it.scoped("hears within two seconds that the card could not be looked at, and no order begins", () => {
    const world = makeWorld()
    return Effect.gen(function* () {
      deepStrictEqual(yield* told, { millis: 2_000, said: "CallFailed" })
      const { listOrders } = yield* CheckoutService
      deepStrictEqual((yield* listOrders({ userId: shopper })).orders, [])
    }).pipe(Effect.provide(checkout(world, { payment: { tokenize: read } })))
  })

  it.scoped(
    "is told within nine seconds that it is in progress where it is the bank; what was begun is finished",
    () => {
      const world = makeWorld()
      return Effect.gen(function* () {
        const { millis, said } = yield* told
        deepStrictEqual(said, "OrderInProgress")
        assertTrue(millis <= 9_000, `${millis}`)
        for (let i = 0; i < 100; i++) yield* TestClock.adjust("100 millis")
        deepStrictEqual([(yield* told).said, world.voided.length, world.shipped], ["PaymentUnavailable", 1, []])
      }).pipe(Effect.provide(checkout(world, { payment: { charge: deed } })))
    }
  )

  it.scoped("has the order where the mail hangs", () => {
    const world = makeWorld()
    return Effect.gen(function* () {
      const { millis, said } = yield* told
      deepStrictEqual([said, world.charged.size], ["an order", 1])
      assertTrue(millis <= 2_000, `${millis}`)
    }).pipe(Effect.provide(checkout(world, { email: { sendOrderConfirmation: deed } })))
  })
})
