import { describe, it } from "@effect/vitest"
import { deepStrictEqual } from "@effect/vitest/utils"
import { CheckoutService } from "@retro/contract/CheckoutService"
import { CardDeclined } from "@retro/contract/PaymentService"
import { ShippingUnavailable } from "@retro/contract/ShippingService"
import { IdempotencyKey } from "@retro/domain/Ids"
import * as Redis from "@retro/redis/Redis"
import { Effect, Layer, Logger, LogLevel } from "effect"
import * as RedisServer from "../../redis/test/RedisServer.ts"
import * as Checkout from "../src/Checkout.ts"
import * as Envelope from "../src/Envelope.ts"
import * as JournalScripts from "../src/JournalScripts.ts"
import * as JournalStoreRedis from "../src/JournalStoreRedis.ts"
import { around, makeWorld, order, type Replaced } from "./Shop.ts"

/** Places an order whose journal is in Redis; answers which scripts Redis ran for it, whatever replicas look for beside. */
const scriptsOf = Effect.fnUntraced(function* (replaced: Replaced = {}) {
  const { address } = yield* RedisServer.make("--save", "")
  const ran: Array<string> = []
  const nameOf = (script: Redis.Script) =>
    Object.entries(JournalScripts).find(([, { sha1 }]) => sha1 === script.sha1)?.[0] ?? "another"
  const watched = Layer.effect(
    Redis.Redis,
    Effect.map(Redis.Redis, (redis) =>
      Redis.Redis.of({
        ...redis,
        run: (script, keys, args) => {
          const name = nameOf(script)
          if (name !== "expired" && name !== "renew") ran.push(name)
          return redis.run(script, keys, args)
        }
      })
    )
  ).pipe(Layer.provide(RedisServer.at(address)))
  const checkout = Checkout.layer.pipe(
    Layer.provide(Layer.provide(JournalStoreRedis.layerRedis(), watched)),
    Layer.provide([Envelope.layerGenerated, around(makeWorld(), replaced)])
  )
  yield* Effect.flatMap(CheckoutService, ({ placeOrder }) =>
    Effect.either(placeOrder({ ...order, idempotencyKey: IdempotencyKey.make("key-1234567890") }))
  ).pipe(Effect.provide(checkout), Logger.withMinimumLogLevel(LogLevel.None))
  return ran
})

const writes = (steps: number) => Array.from({ length: steps }, () => "write")

describe.skipIf(!RedisServer.installed)("a journal asks Redis", { timeout: 30_000 }, () => {
  it.scopedLive("six times for an order: to begin, after each step, with the last the answer and the end", () =>
    Effect.gen(function* () {
      deepStrictEqual(yield* scriptsOf(), ["claim", ...writes(4), "finish"])
    })
  )

  it.scopedLive("four times for a declined card", () =>
    Effect.gen(function* () {
      const charge = () => new CardDeclined({ reason: "insufficient-funds" })
      deepStrictEqual(yield* scriptsOf({ payment: { charge } }), ["claim", ...writes(2), "finish"])
    })
  )

  it.scopedLive("seven times for a parcel that nobody takes: given up, undone", () =>
    Effect.gen(function* () {
      const shipOrder = () => new ShippingUnavailable()
      deepStrictEqual(yield* scriptsOf({ shipping: { shipOrder } }), ["claim", ...writes(5), "finish"])
    })
  )
})
