import { describe, layer } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import type { CheckoutService, OrderStatus } from "@retro/contract/CheckoutService"
import { Address } from "@retro/domain/Address"
import { Duration, Effect, Either, Fiber } from "effect"
import * as RedisServer from "../../redis/test/RedisServer.ts"
import type { Point } from "./Gate.ts"
import { atRest, KillShop, layerRedis, type Order, order, type Path } from "./KillShop.ts"

/** The rpcs that have an effect, on each path through an order. */
const effects: Readonly<Record<Path, ReadonlyArray<string>>> = {
  success: ["charge", "shipOrder", "removeBought", "sendOrderConfirmation"],
  decline: ["charge"],
  "no carrier": ["charge", "shipOrder", "cancelShipment", "refund"]
}

/** Who does which step. */
const deeds = {
  payment: ["charge", "refund"],
  shipping: ["shipOrder", "cancelShipment"],
  cart: ["removeBought"],
  email: ["sendOrderConfirmation"]
}

const points = (isWanted: (rpc: string) => boolean) =>
  (["success", "decline", "no carrier"] as const).flatMap((path) =>
    effects[path].filter(isWanted).flatMap((rpc) => (["before", "after"] as const).map((side) => ({ path, rpc, side })))
  )

/** An order that is placed at that replica and stops at that point. */
const stopped = Effect.fnUntraced(function* (
  checkout: typeof CheckoutService.Service,
  { path, rpc, side }: Omit<Point, "orderId"> & { readonly path: Path }
) {
  const { gate } = yield* KillShop
  const placed = yield* order(path)
  const held = gate.hold({ orderId: placed.id, rpc, side })
  const answer = yield* Effect.fork(Effect.either(checkout.placeOrder(placed.request)))
  yield* held.reached.pipe(
    Effect.timeoutFail({ duration: "30 seconds", onTimeout: () => new Error(`never came ${side} ${rpc}, ${path}`) }),
    Effect.orDie
  )
  return { ...placed, ...held, side, answer, point: `${side} ${rpc}, ${path}` }
})

/** How an order ended, at rest and in what was done for it. */
interface End {
  readonly state: OrderStatus["state"]
  readonly failure: string
  readonly charges: number
  readonly paid: boolean
  readonly parcels: number
  readonly shipped: boolean
  readonly mails: number
}

const endOf = Effect.fnUntraced(function* (checkout: typeof CheckoutService.Service, placed: Order) {
  const { truth } = yield* KillShop
  const status = yield* atRest(checkout, placed)
  const { charges, mails, paid, parcels, shipped } = yield* truth.of(placed.id)
  const end: End = { state: status.state, failure: status.failure, charges, paid, parcels, shipped, mails }
  return { end, status }
})

/** How each path ends when nobody is hindered. */
const ends: Readonly<Record<Path, End>> = {
  success: { state: "completed", failure: "", charges: 1, paid: true, parcels: 1, shipped: true, mails: 1 },
  decline: { state: "failed", failure: "CardDeclined", charges: 0, paid: false, parcels: 0, shipped: false, mails: 0 },
  "no carrier": {
    state: "failed",
    failure: "ShippingUnavailable",
    charges: 1,
    paid: false,
    parcels: 0,
    shipped: false,
    mails: 0
  }
}

/** What the shopper is answered now is what stands in the journal, and the cart lacks what was bought. */
const answersAsItRests = Effect.fnUntraced(function* (
  checkout: typeof CheckoutService.Service,
  { request, userId }: Order,
  status: OrderStatus
) {
  const { carts } = yield* KillShop
  const answer = yield* Effect.either(checkout.placeOrder(request))
  if (Either.isRight(answer)) deepStrictEqual(answer.right.order, status.order)
  else assertEquals(answer.left._tag, status.failure)
  assertEquals((yield* carts.getCart({ userId })).items.length, status.state === "completed" ? 0 : 1)
})

describe.skipIf(!RedisServer.installed)("checkout in real processes", { timeout: 90_000 }, () => {
  layer(layerRedis, { excludeTestServices: true, timeout: "60 seconds" })((it) => {
    for (const signal of ["SIGKILL", "SIGTERM"] as const) {
      it.scoped(
        `R10: ${signal} of checkoutservice before and after each effect: another replica ends every order`,
        () =>
          Effect.gen(function* () {
            const environment: Record<string, string> = signal === "SIGKILL" ? { JOURNAL_LEASE: "2 seconds" } : {}
            const { replica } = yield* KillShop
            const [one, other] = yield* Effect.all([replica(environment), replica(environment)], { concurrency: 2 })
            const orders = yield* Effect.forEach(
              points(() => true),
              (point) => stopped(one, point),
              { concurrency: "unbounded" }
            )
            yield* one.signal(signal)
            const results = yield* Effect.forEach(orders, (placed) => endOf(other, placed), {
              concurrency: "unbounded"
            })
            // Whatever the dead replica had under way arrives only now.
            for (const { release } of orders) yield* release
            for (const { over } of orders) yield* over
            for (const [index, placed] of orders.entries()) {
              const { end } = yield* endOf(other, placed)
              const status = results[index]?.status
              deepStrictEqual({ point: placed.point, ...end }, { point: placed.point, ...ends[placed.path] })
              if (status !== undefined) yield* answersAsItRests(other, placed, status)
              yield* Fiber.interrupt(placed.answer)
            }
          })
      )
    }

    it.scoped(
      "SIGTERM hands an order over that hangs: another replica ends it within two seconds, with default settings",
      () =>
        Effect.gen(function* () {
          const { replica } = yield* KillShop
          const [one, other] = yield* Effect.all([replica(), replica()], { concurrency: 2 })
          const placed = yield* stopped(one, { path: "success", rpc: "charge", side: "before" })
          const [took] = yield* Effect.timed(Effect.zipRight(one.signal("SIGTERM"), atRest(other, placed)))
          console.log(
            `an order was taken over after SIGTERM and ended within ${Math.round(Duration.toMillis(took))} ms`
          )
          assertTrue(Duration.lessThan(took, "2 seconds"))
          yield* placed.release
          yield* placed.over
          const { end, status } = yield* endOf(other, placed)
          deepStrictEqual(end, ends.success)
          yield* answersAsItRests(other, placed, status)
          const heard = yield* Fiber.join(placed.answer)
          assertTrue(Either.isLeft(heard) && heard.left._tag === "OrderInProgress")
        })
    )

    for (const signal of ["SIGKILL", "SIGTERM"] as const) {
      for (const [tier, rpcs] of Object.entries(deeds)) {
        it.scoped(
          `${signal} of ${tier}service before and after its effects: asked again until it is back, it knows`,
          () =>
            Effect.gen(function* () {
              const { awake, services, steady, truth } = yield* KillShop
              const name = tier as keyof typeof deeds
              const [charges, parcels] = [truth.transactions().length, truth.parcels().length]
              const stop = (point: ReturnType<typeof points>[number]) => stopped(steady, point)
              const orders = yield* Effect.forEach(
                points((rpc) => rpcs.includes(rpc)),
                stop,
                { concurrency: "unbounded" }
              )
              yield* services[name].end(signal)
              for (const { release, side } of orders) if (side === "before") yield* release
              yield* services[name].start
              yield* awake[name]
              for (const { lose, side } of orders) if (side === "after") yield* lose
              const all = yield* Effect.forEach(orders, (placed) => endOf(steady, placed), { concurrency: "unbounded" })
              for (const [index, placed] of orders.entries()) {
                const { end, status } = all[index] ?? (yield* endOf(steady, placed))
                deepStrictEqual({ point: placed.point, ...end }, { point: placed.point, ...ends[placed.path] })
                yield* answersAsItRests(steady, placed, status)
              }
              assertTrue(
                truth.transactions().length - charges <= orders.filter(({ path }) => path !== "decline").length
              )
              assertTrue(truth.parcels().length - parcels <= orders.filter(({ path }) => path === "success").length)
            })
        )
      }
    }

    it.scoped("R7: an owner frozen past its lease is fenced off when it goes on", () =>
      Effect.gen(function* () {
        const { replica } = yield* KillShop
        const environment = { JOURNAL_LEASE: "2 seconds" }
        const [one, other] = yield* Effect.all([replica(environment), replica(environment)], { concurrency: 2 })
        const orders = yield* Effect.forEach(
          points(() => true).filter(({ side }) => side === "after"),
          (point) => stopped(one, point),
          { concurrency: "unbounded" }
        )
        yield* one.signal("SIGSTOP")
        for (const { release } of orders) yield* release
        const statuses = yield* Effect.forEach(orders, (placed) => atRest(other, placed), { concurrency: "unbounded" })
        yield* one.signal("SIGCONT")
        for (const [index, placed] of orders.entries()) {
          const isFenced = (line: string) =>
            line.includes(`journal ${placed.id}: lost its lease`) ||
            (line.includes(`journal ${placed.id}: attempt 1 ended`) && line.includes("LeaseLost"))
          yield* Effect.repeat(Effect.sleep("20 millis"), { until: () => one.lines.some(isFenced) })
          const { end, status } = yield* endOf(other, placed)
          deepStrictEqual({ point: placed.point, ...end }, { point: placed.point, ...ends[placed.path] })
          deepStrictEqual(status, statuses[index])
          yield* answersAsItRests(other, placed, status)
          const heard = yield* Fiber.join(placed.answer)
          if (Either.isRight(heard)) deepStrictEqual(heard.right.order, status.order)
          else assertTrue(["OrderInProgress", status.failure].includes(heard.left._tag))
        }
      })
    )

    it.scoped("R7: Redis killed and started again in the middle of orders: they go on from what was written", () =>
      Effect.gen(function* () {
        const { redis, steady: checkout } = yield* KillShop
        const orders = yield* Effect.forEach(
          points(() => true),
          (point) => stopped(checkout, point),
          { concurrency: "unbounded" }
        )
        yield* redis.kill
        for (const { release } of orders) yield* release
        yield* Effect.repeat(Effect.sleep("10 millis"), {
          until: () => checkout.lines.some((line) => line.includes("no answer from Redis"))
        })
        yield* redis.start
        for (const placed of orders) {
          const { end, status } = yield* endOf(checkout, placed)
          endsWell(placed, end)
          yield* answersAsItRests(checkout, placed, status)
        }
      })
    )

    it.scoped(
      "fifty submits of one key at once, half with another body, at two replicas: one order, and 25 refusals",
      () =>
        Effect.gen(function* () {
          const { replica } = yield* KillShop
          const replicas = yield* Effect.all([replica(), replica()], { concurrency: 2 })
          const placed = yield* order("success")
          const { request } = placed
          const elsewhere = new Address({ ...request.address, streetAddress: "2 Main St" })
          const submits = Array.from({ length: 50 }, (_, index) =>
            Effect.flatMap(Effect.fromNullable(replicas[index % 4 < 2 ? 0 : 1]), (checkout) =>
              checkout.placeOrder(index % 2 === 0 ? request : { ...request, address: elsewhere })
            ).pipe(Effect.either)
          )
          const answers = yield* Effect.all(submits, { concurrency: "unbounded" })
          const refusals = answers.filter(Either.isLeft).map(({ left }) => left._tag)
          deepStrictEqual(
            refusals,
            Array.from({ length: 25 }, () => "IdempotencyKeyReused")
          )
          const { end, status } = yield* endOf(replicas[0], placed)
          for (const answer of answers) if (Either.isRight(answer)) deepStrictEqual(answer.right.order, status.order)
          deepStrictEqual(end, ends.success)
        })
    )
  })
})

/** As nobody was hindered, or given up without a trace: charged and kept exactly if it was shipped and written about. */
const endsWell = ({ path, point }: Order & { readonly point: string }, end: End) => {
  const isGivenUp = end.failure === "PaymentUnavailable" || end.failure === "ShippingUnavailable"
  if (!isGivenUp || end.failure === ends[path].failure) {
    return deepStrictEqual({ point, ...end }, { point, ...ends[path] })
  }
  assertTrue(end.charges <= 1 && end.parcels <= 1)
  deepStrictEqual(
    { point, state: end.state, paid: end.paid, shipped: end.shipped, mails: end.mails },
    { point, state: "failed", paid: false, shipped: false, mails: 0 }
  )
}
