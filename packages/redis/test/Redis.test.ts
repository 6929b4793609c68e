import { describe, it } from "@effect/vitest"
import { assertEquals, assertLeft, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { Clock, Context, Effect, Layer, Logger, LogLevel, Schedule } from "effect"
import { Redis, RedisUnavailable, script } from "../src/Redis.ts"
import * as RedisServer from "./RedisServer.ts"

/** A connection of its own to that address. */
const redisAt = (address: string) => Effect.map(Layer.build(Layer.fresh(RedisServer.at(address))), Context.get(Redis))

const count = script("test.count", `return redis.call('INCRBY', KEYS[1], ARGV[1])`)
const echo = script("test.echo", `return { KEYS[1], KEYS[2], ARGV[1], ARGV[2] }`)
const wrong = script("test.wrong", `return redis.call('INCRBY', KEYS[1], 'canary')`)

const soon = <A, E>(effect: Effect.Effect<A, E>) =>
  Effect.retry(effect, { schedule: Schedule.spaced("50 millis"), times: 200 })

const quiet = Logger.withMinimumLogLevel(LogLevel.None)
const refused = new RedisUnavailable()

describe.skipIf(!RedisServer.installed)("redis", () => {
  it.scopedLive("runs scripts with their keys and arguments, also when Redis has forgotten them", () =>
    Effect.gen(function* () {
      const { address, port } = yield* RedisServer.make("--save", "")
      const redis = yield* redisAt(address)
      assertEquals(yield* redis.run(count, ["a"], [2]), 2)
      deepStrictEqual(yield* redis.run(echo, ["a", "b"], ["Łódź", 1]), ["a", "b", "Łódź", "1"])
      const client = yield* RedisServer.client(port)
      yield* Effect.promise(() => client.script("FLUSH"))
      assertEquals(yield* redis.run(count, ["a"], [3]), 5)
    }).pipe(quiet)
  )

  it.scopedLive("runs a script once for each call, however many come at the same time", () =>
    Effect.gen(function* () {
      const { address } = yield* RedisServer.make("--save", "")
      const redis = yield* redisAt(address)
      yield* Effect.replicateEffect(redis.run(count, ["a"], [1]), 200, { concurrency: "unbounded" })
      assertEquals(yield* redis.run(count, ["a"], [0]), 200)
    }).pipe(quiet)
  )

  it.scopedLive("is unavailable where a script goes wrong, and logs no argument", () =>
    Effect.gen(function* () {
      const { address } = yield* RedisServer.make("--save", "")
      const lines: Array<string> = []
      const log = Logger.replace(
        Logger.defaultLogger,
        Logger.make(({ message }) => void lines.push(String(message)))
      )
      const redis = yield* quiet(redisAt(address))
      assertLeft(yield* Effect.either(Effect.provide(redis.run(wrong, ["a"], ["canary"]), log)), refused)
      deepStrictEqual(lines, ["no answer from Redis: ERR"])
    })
  )

  it.scopedLive("fails at once while Redis is gone, and works again when it is back", () =>
    Effect.gen(function* () {
      const server = yield* RedisServer.make("--save", "")
      const redis = yield* redisAt(server.address)
      yield* redis.ping
      yield* server.kill
      const started = yield* Clock.currentTimeMillis
      assertLeft(yield* Effect.either(redis.run(count, ["a"], [1])), refused)
      assertLeft(yield* Effect.either(redis.ping), refused)
      assertTrue((yield* Clock.currentTimeMillis) - started < 1000)
      yield* server.start
      yield* soon(redis.ping)
      assertEquals(yield* redis.run(count, ["a"], [1]), 1)
    }).pipe(quiet)
  )

  it.scopedLive("fails within its bound while Redis hangs, and works again when it goes on", () =>
    Effect.gen(function* () {
      const server = yield* RedisServer.make("--save", "")
      const redis = yield* redisAt(server.address)
      yield* Effect.addFinalizer(() => server.thaw)
      yield* server.freeze
      const started = yield* Clock.currentTimeMillis
      assertLeft(yield* Effect.either(redis.run(count, ["a"], [1])), refused)
      assertTrue((yield* Clock.currentTimeMillis) - started < 2000)
      yield* server.thaw
      yield* soon(redis.ping)
    }).pipe(quiet)
  )

  it.scopedLive("starts without Redis, and finds it once it is there", () =>
    Effect.gen(function* () {
      const server = yield* RedisServer.make("--save", "")
      yield* server.kill
      const redis = yield* redisAt(server.address)
      assertLeft(yield* Effect.either(redis.ping), refused)
      yield* server.start
      yield* soon(redis.ping)
    }).pipe(quiet)
  )

  it.scopedLive("comes in as an ACL user with a password, and stays out without", () =>
    Effect.gen(function* () {
      const nobody = ["--user", "default", "off"]
      const shop = ["--user", "shop", "on", ">p@ss/word", "~*", "+@all"]
      const { port } = yield* RedisServer.make("--save", "", ...nobody, ...shop)
      const inside = yield* redisAt(`redis://shop:p%40ss%2Fword@127.0.0.1:${port}/0`)
      yield* inside.run(count, ["a"], [1])
      const outside = yield* redisAt(`redis://shop:wrong@127.0.0.1:${port}`)
      assertLeft(yield* Effect.either(outside.ping), refused)
    }).pipe(quiet)
  )

  it.scopedLive("finds the master through a Sentinel", () =>
    Effect.gen(function* () {
      const master = yield* RedisServer.make("--save", "")
      const sentinel = yield* RedisServer.sentinel("retro", master.port)
      const redis = yield* redisAt(`redis+sentinel://127.0.0.1:${sentinel.port}/retro`)
      yield* redis.run(count, ["a"], [1])
      const direct = yield* redisAt(master.address)
      assertEquals(yield* direct.run(count, ["a"], [1]), 2)
    }).pipe(quiet)
  )

  it.scopedLive("finds the slots of a cluster", () =>
    Effect.gen(function* () {
      const { address } = yield* RedisServer.cluster
      const redis = yield* redisAt(address)
      for (const key of ["a", "b", "c"]) assertEquals(yield* soon(redis.run(count, [key], [1])), 1)
      yield* redis.ping
    }).pipe(quiet)
  )
})
