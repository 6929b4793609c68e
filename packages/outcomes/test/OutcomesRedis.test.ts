import { describe, it } from "@effect/vitest"
import { assertEquals, assertFalse, assertLeft, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { Context, Duration, Effect, Layer, Logger, LogLevel, Option, Schedule, TestClock, TestServices } from "effect"
import { Outcomes, OutcomesUnavailable, retention } from "../src/Outcomes.ts"
import { layerRedis } from "../src/OutcomesRedis.ts"
import * as RedisServer from "../../redis/test/RedisServer.ts"
import { outcomesSuite } from "./OutcomesSuite.ts"

const at = (address: string) => Layer.provide(layerRedis, RedisServer.at(address))

/** The time of Redis cannot be set: it has to pass. */
const pass = (time: Duration.DurationInput) =>
  Effect.zipRight(TestServices.provideLive(Effect.sleep(time)), TestClock.adjust(time))

const quiet = Logger.withMinimumLogLevel(LogLevel.None)

describe.skipIf(!RedisServer.installed)("outcomes in Redis", () => {
  outcomesSuite(
    "in Redis",
    Layer.unwrapScoped(Effect.map(RedisServer.make("--save", ""), ({ address }) => at(address))),
    pass
  )

  const replica = (address: string) => Effect.map(Layer.build(Layer.fresh(at(address))), Context.get(Outcomes))
  const soon = <A>(effect: Effect.Effect<A, OutcomesUnavailable>) =>
    Effect.retry(effect, { schedule: Schedule.spaced("50 millis"), times: 200 })

  it.scopedLive("are everybody's, and expire by themselves", () =>
    Effect.gen(function* () {
      const { address, port } = yield* RedisServer.make("--save", "")
      const [one, other] = [yield* replica(address), yield* replica(address)]
      assertEquals(yield* one.putIfAbsent("a", "1", retention), "1")
      assertEquals(yield* other.putIfAbsent("a", "2", retention), "1")
      assertTrue(yield* other.replace("a", "1", "3"))
      assertEquals(yield* one.find("a"), Option.some("3"))
      const client = yield* RedisServer.client(port)
      const left = yield* Effect.promise(() => client.pttl("outcome:a"))
      assertTrue(left > Duration.toMillis(retention) - 60_000 && left <= Duration.toMillis(retention))
    }).pipe(quiet)
  )

  it.scopedLive("are there after a kill of Redis with appendonly and appendfsync always", () =>
    Effect.gen(function* () {
      const server = yield* RedisServer.make("--appendonly", "yes", "--appendfsync", "always")
      const outcomes = yield* replica(server.address)
      const answered: Array<string> = []
      const writeOn = Effect.forever(
        Effect.suspend(() => {
          const key = `key ${answered.length}`
          return Effect.tap(outcomes.putIfAbsent(key, key, retention), () => void answered.push(key))
        })
      )
      const someWritten = Effect.repeat(Effect.sleep("5 millis"), { until: () => answered.length >= 100 })
      yield* Effect.all([Effect.flip(writeOn), Effect.zipRight(someWritten, server.kill)], { concurrency: 2 })
      yield* server.start
      for (const key of answered) assertEquals(yield* soon(outcomes.find(key)), Option.some(key))
    }).pipe(quiet)
  )

  it.scopedLive("cannot be had while Redis is away", () =>
    Effect.gen(function* () {
      const server = yield* RedisServer.make("--save", "")
      const outcomes = yield* replica(server.address)
      yield* server.kill
      assertLeft(yield* Effect.either(outcomes.find("a")), new OutcomesUnavailable())
      assertLeft(yield* Effect.either(outcomes.putIfAbsent("a", "1", retention)), new OutcomesUnavailable())
      assertLeft(yield* Effect.either(outcomes.replace("a", "1", "2")), new OutcomesUnavailable())
      assertLeft(yield* Effect.either(outcomes.remove("a", "1")), new OutcomesUnavailable())
      assertLeft(yield* Effect.either(outcomes.release("a", "1")), new OutcomesUnavailable())
    }).pipe(quiet)
  )

  it.scopedLive("are found in a cluster", () =>
    Effect.gen(function* () {
      const { address } = yield* RedisServer.cluster
      const outcomes = yield* replica(address)
      assertEquals(yield* soon(outcomes.putIfAbsent("a", "1", retention)), "1")
      assertFalse(yield* outcomes.remove("a", "2"))
      assertTrue(yield* outcomes.remove("a", "1"))
      const attempt = { owner: "me", open: "", lease: Duration.seconds(1), text: "1", timeToLive: retention }
      deepStrictEqual(yield* outcomes.claim("b", attempt), { _tag: "Mine", text: "1" })
      assertTrue(yield* outcomes.settle("b", "me", "1", "2"))
    }).pipe(quiet)
  )
})
