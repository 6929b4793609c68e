// Runs the split shop under steady load and looks whether anything grows that should not: `npm run soak -- --minutes 10`.
// Exits with 1 where memory, handles or the lag of an event loop grow for sure, where Redis keeps a key for ever, or where
// orders and books do not agree.
import { Effect } from "effect"
import { parseArgs } from "node:util"
import * as RedisServer from "../packages/redis/test/RedisServer.ts"
import * as Soak from "../packages/station/soak/Soak.ts"

const { minutes } = parseArgs({ options: { minutes: { type: "string", default: "10" } } }).values
if (!/^\d{1,4}(\.\d+)?$/.test(minutes)) {
  console.error(`--minutes is no number: ${minutes}`)
  process.exit(2)
}
if (!RedisServer.installed) process.exit(2)

const say = (text: string) => console.log(`${new Date().toISOString().slice(11, 19)}  ${text}`)
const { broken, counts, endless, keys, rows } = await Effect.runPromise(
  Effect.scoped(Soak.run(Number(minutes) * 60_000, say))
)

const units: Readonly<Record<Soak.Measure, string>> = { used: "MB", resident: "MB", handles: "", lag: "ms" }
console.log("\nprocess                  what             mean      per minute (95 % confidence)")
for (const { isFlat, process, trend, what } of rows) {
  const [mean, slope, error] = [trend.mean, trend.slope, trend.error].map((number) => number.toFixed(2).padStart(8))
  const verdict = isFlat ? "flat" : "GROWS"
  console.log(`${process.padEnd(25)}${what.padEnd(10)}${mean} ${units[what].padEnd(3)}${slope} ± ${error}  ${verdict}`)
}
console.log("\nKeys in Redis")
for (const [kind, count] of keys) console.log(`${String(count).padStart(7)}  ${kind}`)
console.log("\nWhat was bought")
for (const [name, count] of counts) console.log(`${String(count).padStart(7)}  ${name}`)

const wrong = [
  ...rows.flatMap(({ isFlat, process, what }) => (isFlat ? [] : [`${process}: ${what} grows`])),
  ...endless.map((key) => `${key} is kept for ever`),
  ...broken
]
console.log(wrong.length === 0 ? "\nAll flat." : "\nNot as it should be:")
for (const what of wrong) console.log(`  ${what}`)
process.exit(wrong.length === 0 ? 0 : 1)
