import { describe, it } from "@effect/vitest"
import { deepStrictEqual } from "@effect/vitest/utils"
import * as CartStoreRedis from "@retro/cartservice/CartStoreRedis"
import * as JournalStoreRedis from "@retro/checkoutservice/JournalStoreRedis"
import { CartService } from "@retro/contract/CartService"
import { CheckoutService } from "@retro/contract/CheckoutService"
import { IdempotencyKey, UserId } from "@retro/domain/Ids"
import * as OutcomesRedis from "@retro/outcomes/OutcomesRedis"
import * as Redis from "@retro/redis/Redis"
import * as Carrier from "@retro/shippingservice/Carrier"
import { Context, Effect, FiberRef, Layer, Logger, LogLevel } from "effect"
import * as Budgets from "../../../scripts/bench/Budgets.ts"
import * as Purchase from "../../../scripts/bench/Purchase.ts"
import * as RedisServer from "../../redis/test/RedisServer.ts"
import * as Station from "../src/Station.ts"
import * as Stores from "../src/Stores.ts"

/** For which call Redis is asked; the journal's own where it is for none. */
const current = FiberRef.unsafeMake("journal")

type Methods = Readonly<Record<string, (...args: ReadonlyArray<any>) => Effect.Effect<any, any>>>

/** The same methods, each known by a name while it runs. */
const known = <S>(methods: S, nameOf: (method: string) => string): S =>
  Object.fromEntries(
    Object.entries(methods as Methods).map(([name, method]) => [
      name,
      (...args: ReadonlyArray<unknown>) => Effect.locally(method(...args), current, nameOf(name))
    ])
  ) as S

const wired: Station.Wiring = (contract, program) =>
  Layer.map(program, (context) =>
    Context.make(
      contract,
      // What checkout asks of its store is the journal's.
      known(Context.get(context, contract), (name) => (name === "placeOrder" ? "journal" : name))
    )
  )

/** Not the one that the shop in memory has. */
const carrier = Layer.map(Layer.fresh(Carrier.layerMock), (context) =>
  Context.make(
    Carrier.Carrier,
    known(Context.get(context, Carrier.Carrier), () => "the mock carrier")
  )
)

/** A Redis that writes down for which call it is asked, whatever replicas look for beside. */
const watched = (asked: Map<string, number>) =>
  Layer.effect(
    Redis.Redis,
    Effect.map(Redis.Redis, (redis) =>
      Redis.Redis.of({
        ...redis,
        run: (script, keys, args) =>
          Effect.flatMap(FiberRef.get(current), (name) => {
            if (script.name !== "journal.expired" && script.name !== "journal.renew")
              asked.set(name, (asked.get(name) ?? 0) + 1)
            return redis.run(script, keys, args)
          })
      })
    )
  )

/** The shop with all that outlives a process in one Redis. */
const shop = (redis: Layer.Layer<Redis.Redis>) => {
  const outcomes = Layer.provide(OutcomesRedis.layerRedis, redis)
  const stores = Layer.mergeAll(
    Stores.inMemory,
    Stores.bundled,
    outcomes,
    Layer.provide(Layer.merge(CartStoreRedis.layerRedis, JournalStoreRedis.layerRedis()), redis),
    Layer.provide(carrier, outcomes)
  )
  return Layer.provide(Station.services(wired), stores)
}

describe.skipIf(!RedisServer.installed)("PlaceOrder", { timeout: 30_000 }, () => {
  it.scopedLive("asks Redis so often for each of its calls", () =>
    Effect.gen(function* () {
      const { address } = yield* RedisServer.make("--save", "")
      const asked = new Map<string, number>()
      yield* Effect.gen(function* () {
        const [carts, checkout] = yield* Effect.all([CartService, CheckoutService])
        const userId = UserId.make("somebody")
        const order = (key: string) =>
          checkout.placeOrder({ ...Purchase.request, userId, idempotencyKey: IdempotencyKey.make(key) })
        // The first order also tells Redis the scripts.
        for (const key of ["key-1234567890", "key-2345678901"]) {
          yield* carts.addItem({ userId, item: Purchase.item })
          asked.clear()
          yield* order(key)
        }
      }).pipe(
        Effect.provide(shop(Layer.orDie(Layer.provide(watched(asked), RedisServer.at(address))))),
        Logger.withMinimumLogLevel(LogLevel.None)
      )
      deepStrictEqual(Object.fromEntries(asked), Budgets.placeOrder)
    })
  )
})
