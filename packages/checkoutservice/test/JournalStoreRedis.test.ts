import { describe, it } from "@effect/vitest"
import { assertEquals, assertFalse, assertLeft, assertTrue } from "@effect/vitest/utils"
import {
  Cause,
  Clock,
  Context,
  Duration,
  Effect,
  Exit,
  Layer,
  Logger,
  LogLevel,
  Option,
  Schedule,
  TestClock,
  TestServices
} from "effect"
import { answerStep, Claim, JournalStore, JournalUnavailable, terms } from "../src/JournalStore.ts"
import { layerRedis } from "../src/JournalStoreRedis.ts"
import * as RedisServer from "../../redis/test/RedisServer.ts"
import { beginning, journalStoreSuite, taken } from "./JournalStoreSuite.ts"

const short = { lease: Duration.millis(1500), retention: Duration.seconds(4) }

/** The time of Redis cannot be set: it has to pass. */
const pass = (time: Duration.DurationInput) =>
  Effect.zipRight(TestServices.provideLive(Effect.sleep(time)), TestClock.adjust(time))

const quiet = Logger.withMinimumLogLevel(LogLevel.None)

describe.skipIf(!RedisServer.installed)("journals in Redis", () => {
  journalStoreSuite(
    "in Redis",
    Layer.unwrapScoped(
      Effect.map(RedisServer.make("--save", ""), ({ address }) =>
        Layer.provide(layerRedis(short), RedisServer.at(address))
      )
    ),
    short,
    pass
  )

  /** A replica of its own, with a connection of its own. */
  const replica = (address: string) =>
    Effect.map(
      Layer.build(Layer.fresh(Layer.provide(layerRedis(), RedisServer.at(address)))),
      Context.get(JournalStore)
    )

  const soon = <A>(effect: Effect.Effect<A, JournalUnavailable>) =>
    Effect.retry(effect, { schedule: Schedule.spaced("50 millis"), times: 200 })

  it.scopedLive("R10: are everybody's: one replica begins them, another replays or finishes them", () =>
    Effect.gen(function* () {
      const { address } = yield* RedisServer.make("--save", "")
      const [one, other] = [yield* replica(address), yield* replica(address)]
      const begun = beginning()
      const first = yield* taken(one.claim(begun))
      assertTrue(yield* one.write(begun.id, first.owner, [["one", "1"]]))
      assertEquals(yield* other.claim(begun), Claim.Busy())
      yield* one.release(begun.id, first.owner, 0)
      const second = yield* taken(other.resume(begun.id))
      assertEquals(second.steps.get("one"), "1")
      assertTrue(yield* other.write(begun.id, second.owner, [[answerStep, "42"]]))
      assertEquals(yield* one.claim(begun), Claim.Done({ answer: "42" }))
    }).pipe(quiet)
  )

  it.scopedLive(
    "R7: lose nothing that was answered when Redis is killed in the middle, with appendonly and appendfsync always",
    () =>
      Effect.gen(function* () {
        const server = yield* RedisServer.make("--appendonly", "yes", "--appendfsync", "always")
        const store = yield* replica(server.address)
        const begun = beginning()
        const { owner } = yield* taken(store.claim(begun))
        const written: Array<number> = []
        const writeOn = Effect.forever(
          Effect.suspend(() => {
            const step = written.length
            return Effect.tap(
              store.write(begun.id, owner, [[`step ${step}`, `${step}`]]),
              () => void written.push(step)
            )
          })
        )
        const someWritten = Effect.repeat(Effect.sleep("5 millis"), { until: () => written.length >= 100 })
        const [lost] = yield* Effect.all([Effect.flip(writeOn), Effect.zipRight(someWritten, server.kill)], {
          concurrency: "unbounded"
        })
        assertTrue(lost instanceof JournalUnavailable)
        yield* server.start
        const { steps } = Option.getOrThrow(yield* soon(store.read(begun.id)))
        for (const step of written) assertEquals(steps.get(`step ${step}`), `${step}`)
        assertTrue(yield* store.write(begun.id, owner, [["after", "1"]]))
        assertTrue(yield* store.finish(begun.id, owner, []))
      }).pipe(quiet)
  )

  it.scopedLive("cannot be had while Redis is away, and say so at once", () =>
    Effect.gen(function* () {
      const server = yield* RedisServer.make("--save", "")
      const store = yield* replica(server.address)
      yield* server.kill
      const begun = beginning()
      const started = yield* Clock.currentTimeMillis
      assertLeft(yield* Effect.either(store.claim(begun)), new JournalUnavailable())
      assertLeft(yield* Effect.either(store.write(begun.id, "", [["one", "1"]])), new JournalUnavailable())
      assertLeft(yield* Effect.either(store.expired), new JournalUnavailable())
      assertLeft(yield* Effect.either(store.list("mine", 50)), new JournalUnavailable())
      assertTrue((yield* Clock.currentTimeMillis) - started < 1000)
    }).pipe(quiet)
  )

  it.scopedLive("R7: go by the clock of Redis: a replica whose clock is ahead takes nothing that is somebody's", () =>
    Effect.gen(function* () {
      const { address } = yield* RedisServer.make("--save", "")
      const store = yield* replica(address)
      const begun = beginning()
      yield* taken(store.claim(begun))
      const ahead = { ...Clock.make(), currentTimeMillis: Effect.succeed(4102444800000) }
      assertEquals(yield* Effect.withClock(store.resume(begun.id), ahead), Claim.Busy())
      const found = yield* Effect.withClock(store.expired, ahead)
      assertFalse(found.some(({ id }) => id === begun.id))
    }).pipe(quiet)
  )

  it.scopedLive("R7, R13: go by one hash tag each, expire, and are found in a cluster", () =>
    Effect.gen(function* () {
      const node = yield* RedisServer.cluster
      const store = yield* replica(node.address)
      const client = yield* RedisServer.client(node.port)
      const begun = Array.from({ length: 20 }, () => beginning({ group: "mine" }))
      yield* Effect.forEach(begun, (one) => soon(store.claim(one)))
      assertEquals((yield* store.list("mine", 50)).length, 20)
      const keys = yield* Effect.promise(() => client.keys("journal:*"))
      assertEquals(keys.length, 20)
      for (const key of keys) {
        const left = yield* Effect.promise(() => client.pttl(key))
        assertTrue(left > Duration.toMillis(terms.retention) - 60_000 && left <= Duration.toMillis(terms.retention))
        assertTrue(/^journal:\{[0-7]\}:journal-/.test(key))
      }
    }).pipe(quiet)
  )

  it.scopedLive("that are none are a defect which does not repeat them", () =>
    Effect.gen(function* () {
      const server = yield* RedisServer.make("--save", "")
      const store = yield* replica(server.address)
      const client = yield* RedisServer.client(server.port)
      const begun = beginning()
      yield* taken(store.claim(begun))
      const [key = ""] = yield* Effect.promise(() => client.keys("journal:*"))
      yield* Effect.promise(() => client.hset(key, "begun", "canary"))
      const exit = yield* Effect.exit(store.read(begun.id))
      assertTrue(Exit.isFailure(exit) && Cause.isDie(exit.cause))
      assertFalse(String(exit).includes("canary"))
    }).pipe(quiet)
  )
})
