import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { Effect } from "effect"
import * as RedisServer from "../../redis/test/RedisServer.ts"
import * as Chaos from "../chaos/Chaos.ts"

describe.skipIf(!RedisServer.installed)("the split shop under faults", { timeout: 240_000 }, () => {
  it.scopedLive("orders, charges, parcels, e-mails and carts agree when kills, pauses and partitions are over", () =>
    Effect.gen(function* () {
      const said: Array<string> = []
      const settings = { seed: 1, millis: 8000, shoppers: 3, say: (text: string) => void said.push(text) }
      const { broken, counts, faults } = yield* Chaos.run(settings)
      console.log(`chaos, seed 1: ${[...faults].map(([kind, count]) => `${kind} ${count}`).join(", ")}`)
      deepStrictEqual({ broken, said: broken.length === 0 ? [] : said }, { broken: [], said: [] })
      assertTrue((counts.get("orders completed") ?? 0) > 0)
      assertTrue(faults.size >= 2)
    })
  )
})
