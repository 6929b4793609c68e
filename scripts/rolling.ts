// Replaces every pod of the shop, two of each tier, under the hands of shoppers, at the pace of a cluster:
// `npm run rolling -- --rounds 3 --shoppers 8`; with `--at-once 9` all nine Deployments restart at the same time. Exits with
// 1 if a request failed, or an order was not charged, shipped and written about exactly once.
import { Effect } from "effect"
import { parseArgs } from "node:util"
import * as RedisServer from "../packages/redis/test/RedisServer.ts"
import * as Rehearsal from "../packages/station/rolling/Rehearsal.ts"

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "2" },
    shoppers: { type: "string", default: "6" },
    "at-once": { type: "string", default: "3" }
  }
})

const [rounds, shoppers, atOnce] = [values.rounds, values.shoppers, values["at-once"]].map((text) => {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text)
  console.error(`${text} is no number from 1 to 999`)
  return process.exit(2)
}) as [number, number, number]

if (!RedisServer.installed) process.exit(2)

const began = performance.now()
const say = (text: string) => console.log(`${((performance.now() - began) / 1000).toFixed(1).padStart(7)}  ${text}`)

/** The manifests' preStop; the address of a pod is gone everywhere well before that. */
const pace = { propagation: "2 seconds", preStop: "5 seconds" } as const
const plan: Rehearsal.Plan = { pace, rounds, shoppers, atOnce, say }
const { broken, orders, requests } = await Effect.runPromise(Effect.scoped(Rehearsal.run(plan)))
say(`${requests} requests, ${orders} orders`)
for (const what of broken) console.log(`  ${what}`)
console.log(broken.length === 0 ? "None was lost." : `${broken.length} broken promises.`)
process.exit(broken.length === 0 ? 0 : 1)
