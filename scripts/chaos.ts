// Runs the split shop (eleven processes and a real Redis) under shoppers and faults: `npm run chaos -- --minutes 5 --seed 7`.
// The seed decides who buys what and which fault comes next; processes and networks decide the rest. Exits with 1 if at
// the end orders, charges, parcels, e-mails and carts do not tell one story.
import { Effect } from "effect"
import { parseArgs } from "node:util"
import * as Chaos from "../packages/station/chaos/Chaos.ts"
import * as Fault from "../packages/station/chaos/Fault.ts"
import * as RedisServer from "../packages/redis/test/RedisServer.ts"

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "5" },
    seed: { type: "string", default: String(Date.now() % 100_000) },
    shoppers: { type: "string", default: "5" }
  }
})

const number = (name: keyof typeof values, text: string): number => {
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return Number(text)
  console.error(`--${name} is no number: ${text}`)
  return process.exit(2)
}

if (!RedisServer.installed) process.exit(2)

const [seed, minutes] = [number("seed", values.seed), number("minutes", values.minutes)]
const began = performance.now()
const say = (text: string) => console.log(`${((performance.now() - began) / 1000).toFixed(1).padStart(7)}  ${text}`)

const row = (name: string, count: number | undefined) => console.log(`${String(count ?? 0).padStart(7)}  ${name}`)

console.log(`seed ${seed}`)
const settings = { seed, millis: minutes * 60_000, shoppers: number("shoppers", values.shoppers), say }
const { broken, counts, faults, shoppers } = await Effect.runPromise(Effect.scoped(Chaos.run(settings)))

console.log("\nFaults with an order in flight")
for (const kind of Fault.kinds) row(kind, faults.get(kind))
row(
  "in all",
  [...faults.values()].reduce((sum, count) => sum + count, 0)
)
console.log("\nWhat stands at the end")
row("shoppers", shoppers)
for (const [name, count] of [...counts].sort(([one], [other]) => one.localeCompare(other))) row(name, count)
console.log(broken.length === 0 ? "\nAll agree." : `\nBroken promises, seed ${seed}:`)
for (const what of broken) console.log(`  ${what}`)
process.exit(broken.length === 0 ? 0 : 1)
