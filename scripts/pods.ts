// Kills, cuts off, starves and drains the pods of a shop under the hands of shoppers: what `npm run deploy:pods` does once
// deploy/tools/pods.sh has made that shop. Exits with 1 if afterwards a law of buying does not hold, or an order is lost.
import { Effect } from "effect"
import { parseArgs } from "node:util"
import * as Trials from "../packages/station/pods/Trials.ts"

const { values } = parseArgs({
  options: {
    website: { type: "string", default: "http://localhost:8080" },
    redis: { type: "string", default: "localhost:6379" },
    shoppers: { type: "string", default: "3" }
  }
})
const { redis, website } = values
const plan: Trials.Plan = { website, redis, shoppers: Number(values.shoppers), say: console.log }
const { broken, failed, orders } = await Effect.runPromise(Effect.scoped(Trials.run(plan)))
for (const what of broken) console.error(what)
const kept = `${orders} orders are kept, ${failed} failed as their pages say and cost nothing`
console.log(broken.length === 0 ? `All laws hold, ${kept}.` : `${broken.length} broken promises.`)
process.exit(broken.length === 0 ? 0 : 1)
