// Buys in a shop, seen from outside: `npm run purchase -- --host https://shop.example`. Where `FRONTEND_ADDR` ("host:port")
// is set, as in a cluster, in the one that is there. Exits with 1 when a law of buying does not hold.
import { Effect } from "effect"
import { parseArgs } from "node:util"
import * as Purchase from "./Purchase.ts"

const address = process.env["FRONTEND_ADDR"] || "localhost:8080"
const { values } = parseArgs({ options: { host: { type: "string", default: `http://${address}` } } })
const origin = URL.canParse(values.host) ? new URL(values.host).origin : "null"
if (origin === "null") {
  console.error(`${values.host} is no address of a website`)
  process.exit(2)
}

console.log(`buying at ${origin}`)
const broken = await Effect.runPromise(Purchase.run({ origin, patience: "60 seconds", say: console.log }))
console.log(broken === 0 ? "This shop sells." : `${broken} laws do not hold.`)
process.exit(broken === 0 ? 0 : 1)
