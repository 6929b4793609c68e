import { CartUnavailable } from "@retro/contract/CartService"
import { describe, it } from "@effect/vitest"
import { assertEquals, assertLeft, assertTrue } from "@effect/vitest/utils"
import { Cause, Clock, Context, Deferred, Duration, Effect, Exit, Layer, Schedule } from "effect"
import * as Cart from "../src/Cart.ts"
import { CartStore, silence } from "../src/CartStore.ts"
import { layerRedis } from "../src/CartStoreRedis.ts"
import * as RedisServer from "../../redis/test/RedisServer.ts"
import { item, newUser, orderKey, quiet, shown, suite } from "./suite.ts"

const at = (address: string) => Layer.provide(layerRedis, RedisServer.at(address))

/** A store of its own connection at that address. */
const storeAt = (address: string) => Effect.map(Layer.build(Layer.fresh(at(address))), Context.get(CartStore))

/** A cart as it can be read within some seconds, while Redis comes back. */
const soon = <A>(effect: Effect.Effect<A, CartUnavailable>) =>
  Effect.retry(effect, { schedule: Schedule.spaced("50 millis"), times: 200 })

describe.skipIf(!RedisServer.installed)("cartservice on Redis", () => {
  suite(
    "on Redis",
    Layer.unwrapScoped(
      Effect.map(RedisServer.make("--save", ""), ({ address }) => Layer.provide(Cart.layer, at(address)))
    )
  )

  it.scopedLive("R13: gives a cart 30 days with every operation on it, reading among them", () =>
    Effect.gen(function* () {
      const { address, port } = yield* RedisServer.make("--save", "")
      const { add, empty, get, hold, removeBought, set } = yield* storeAt(address)
      const client = yield* RedisServer.client(port)
      const userId = newUser()
      const key = `cart:${userId}`
      const operations = [
        add(userId, item("A", 2)),
        set(userId, item("A", 1).productId, 3),
        get(userId),
        hold(userId, orderKey(1)),
        removeBought(userId, orderKey(1), [item("A", 1)]),
        removeBought(userId, orderKey(1), [item("A", 1)]),
        empty(userId)
      ]
      for (const operation of operations) {
        yield* operation
        const left = yield* Effect.promise(() => client.pttl(key))
        assertTrue(left > Duration.toMillis(silence) - 60_000 && left <= Duration.toMillis(silence))
        yield* Effect.promise(() => client.pexpire(key, 60_000))
      }
    }).pipe(quiet)
  )

  it.scopedLive("D26: keeps every answered line through a kill of Redis with appendonly yes", () =>
    Effect.gen(function* () {
      const server = yield* RedisServer.make("--appendonly", "yes", "--appendfsync", "always")
      const store = yield* storeAt(server.address)
      const users = Array.from({ length: 8 }, newUser)
      const enough = yield* Deferred.make<void>()
      const answered = new Map<string, number>()
      const addUntilItFails = (userId: (typeof users)[number]) =>
        store.add(userId, item("A", 1)).pipe(
          Effect.zipRight(Effect.sync(() => answered.set(userId, (answered.get(userId) ?? 0) + 1))),
          Effect.tap(
            Effect.whenEffect(
              Deferred.succeed(enough, undefined),
              Effect.sync(() => answered.size === 8)
            )
          ),
          Effect.forever,
          Effect.flip
        )
      const failures = yield* Effect.all(
        [Effect.zipRight(Deferred.await(enough), server.kill), ...users.map(addUntilItFails)],
        { concurrency: "unbounded" }
      )
      assertTrue(failures.some((failure) => failure?._tag === "CartUnavailable"))
      yield* server.start
      for (const userId of users) {
        const { items } = yield* soon(store.get(userId))
        assertTrue((items[0]?.quantity ?? 0) >= (answered.get(userId) ?? 0))
      }
    }).pipe(quiet)
  )

  it.scopedLive("fails at once with CartUnavailable while Redis is gone, and works again when it is back", () =>
    Effect.gen(function* () {
      const server = yield* RedisServer.make("--save", "")
      const store = yield* storeAt(server.address)
      yield* store.check
      yield* server.kill
      const started = yield* Clock.currentTimeMillis
      const userId = newUser()
      for (const operation of [store.get(userId), store.add(userId, item("A", 1)), store.check]) {
        assertLeft(yield* Effect.either(Effect.asVoid(operation)), new CartUnavailable())
      }
      assertTrue((yield* Clock.currentTimeMillis) - started < 1000)
      yield* server.start
      yield* soon(store.check)
      yield* store.add(userId, item("B", 1))
      assertEquals(shown(yield* store.get(userId)), "B×1")
    }).pipe(quiet)
  )

  it.scopedLive("takes what is no cart for a defect that does not repeat it, and changes nothing", () =>
    Effect.gen(function* () {
      const { address, port } = yield* RedisServer.make("--save", "")
      const store = yield* storeAt(address)
      const client = yield* RedisServer.client(port)
      for (const [field, value] of [
        ["l:A", "secret"],
        ["l:A", "1:100"],
        ["l:A", "1:2:3"],
        ["l:not an id", "1:2"],
        ["v", ""],
        ["v", "secret"]
      ] as const) {
        const userId = newUser()
        yield* Effect.promise(() => client.hset(`cart:${userId}`, field, value))
        const exit = yield* Effect.exit(store.get(userId))
        assertTrue(Exit.isFailure(exit) && Cause.isDie(exit.cause) && !Cause.pretty(exit.cause).includes("secret"))
      }
      const userId = newUser()
      yield* Effect.promise(() => client.hset(`cart:${userId}`, "l:A", "secret"))
      for (const operation of [
        store.add(userId, item("A", 1)),
        store.set(userId, item("A", 1).productId, 1),
        store.removeBought(userId, orderKey(1), [item("A", 1)])
      ]) {
        const exit = yield* Effect.exit(operation)
        assertTrue(Exit.isFailure(exit) && Cause.isDie(exit.cause))
      }
      assertEquals(yield* Effect.promise(() => client.hget(`cart:${userId}`, "l:A")), "secret")
    }).pipe(quiet)
  )
})
