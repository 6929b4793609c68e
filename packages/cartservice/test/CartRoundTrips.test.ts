import { it } from "@effect/vitest"
import { deepStrictEqual } from "@effect/vitest/utils"
import { Redis, type Script } from "@retro/redis/Redis"
import { Context, Effect, Layer } from "effect"
import * as Budgets from "../../../scripts/bench/Budgets.ts"
import * as CartScripts from "../src/CartScripts.ts"
import { CartStore } from "../src/CartStore.ts"
import { layerRedis } from "../src/CartStoreRedis.ts"
import { item, newUser, orderKey } from "./suite.ts"

/** A Redis that counts what it is asked. */
const counting = (asked: { times: number }) =>
  Layer.succeed(Redis, {
    run: (script: Script) =>
      Effect.sync(() => {
        asked.times += 1
        return script === CartScripts.get ? ["v", "0"] : "OK"
      }),
    ping: Effect.void
  })

it.scoped("an operation on a cart is one round trip to Redis", () =>
  Effect.gen(function* () {
    const asked = { times: 0 }
    const carts = Context.get(yield* Layer.build(Layer.provide(layerRedis, counting(asked))), CartStore)
    const userId = newUser()
    const operations = [
      carts.add(userId, item("A", 2)),
      carts.set(userId, item("A", 1).productId, 3),
      carts.get(userId),
      carts.removeBought(userId, orderKey(1), [item("A", 1)]),
      carts.empty(userId)
    ]
    for (const operation of operations) {
      asked.times = 0
      yield* operation
      deepStrictEqual(asked.times, Budgets.roundTrips)
    }
  })
)
