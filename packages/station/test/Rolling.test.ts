import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { Effect } from "effect"
import * as RedisServer from "../../redis/test/RedisServer.ts"
import * as Rehearsal from "../rolling/Rehearsal.ts"

const plan: Rehearsal.Plan = {
  pace: { propagation: "300 millis", preStop: "1 second" },
  shoppers: 3,
  rounds: 1,
  atOnce: 2,
  say: console.log
}

describe.skipIf(!RedisServer.installed)("a rolling restart of every deployment", { timeout: 240_000 }, () => {
  it.scopedLive(
    "D33: starts in any order, then loses no request and no order while all eighteen pods are replaced",
    () =>
      Effect.gen(function* () {
        const { broken, orders, requests } = yield* Rehearsal.run(plan)
        console.log(`${requests} requests, ${orders} orders`)
        deepStrictEqual(broken, [])
        assertTrue(orders > plan.shoppers)
      })
  )
})
