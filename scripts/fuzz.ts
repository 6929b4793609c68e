// Shoots hostile requests at every route of the website and every rpc of the services: `npm run fuzz -- --cases 20000
// --seed 7`. The same seed makes the same cases. Exits with 1 where something crashed, broke, stalled or grew.
import { Effect } from "effect"
import { parseArgs } from "node:util"
import * as Fuzz from "../packages/station/fuzz/Fuzz.ts"

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "20000" },
    seed: { type: "string", default: String(Date.now() % 100_000) }
  }
})
const [cases, seed] = [values.cases, values.seed].map((text) => {
  if (/^\d{1,7}$/.test(text)) return Number(text)
  console.error(`${text} is no number`)
  return process.exit(2)
}) as [number, number]

console.log(`seed ${seed}`)
const settings = { cases, seed, say: (text: string) => console.log(text) }
const { answers, broken, busy, heap, late } = await Effect.runPromise(Effect.scoped(Fuzz.run(settings)))

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`
for (const [answer, count] of [...answers].sort(([one], [other]) => one.localeCompare(other)))
  console.log(`${String(count).padStart(7)}  ${answer}`)
console.log(`heap: ${megabytes(heap[0])} after a third, ${megabytes(heap[1])} at the end`)
console.log(`event loop: computed ${busy.toFixed(0)} ms at a time at most, was late ${late.toFixed(0)} ms at most`)
console.log(broken.length === 0 ? "Nothing broke." : `${broken.length} findings, seed ${seed}:`)
for (const what of broken.slice(0, 30)) console.log(`  ${what}`)
process.exit(broken.length === 0 ? 0 : 1)
