import { Effect } from "effect"
import type { Bench } from "../Bench.ts"
import * as Budgets from "../Budgets.ts"
import * as Compare from "../Compare.ts"
import * as Redis from "../Redis.ts"
import type { Section } from "../Report.ts"
import { median } from "../Statistics.ts"

const concurrency = 16

/** Orders of the shop in one process, by where their journals are, beside the same program without a journal. */
export const run = Effect.fnUntraced(function* (bench: Bench) {
  const { cores, plan } = bench
  const redis = yield* Redis.start(cores.load, { appendfsync: "always" })
  const contestant = Effect.fnUntraced(function* (name: string, program: string, beside: ReadonlyArray<typeof redis>) {
    const process = yield* bench.start(name, program, cores.measured)
    const measured = [process, ...beside.map((redis) => redis.process)]
    const slice = (millis: number) =>
      Compare.metered(measured, process.ask("load", { port: redis.port, millis, concurrency }))
    return { process, contestant: { name, slice, base: bare } satisfies Compare.Contestant }
  })
  const bases = yield* contestant(bare, "scripts/bench/programs/OrdersBare.ts", [])
  const inMemory = yield* contestant("journal in memory", bench.programs.orders, [])
  const others = [
    yield* contestant("journal in a file", "scripts/bench/programs/OrdersFile.ts", []),
    yield* contestant("journal in a file, fdatasync", "scripts/bench/programs/OrdersFileSync.ts", []),
    yield* contestant("journal in Redis, appendfsync always", "scripts/bench/programs/OrdersRedis.ts", [redis])
  ]
  const all = [bases, inMemory, ...others].map(({ contestant }) => contestant)
  const results = yield* Compare.run("orders", all, { ...plan, warmUp: plan.warmUp * 3 })
  const [base = [], memory = []] = results.map(({ slices }) => slices.map(Compare.cost))
  const added = median(memory.map((cost, round) => cost - (base[round] ?? cost)))
  return {
    title: "Orders of the shop in one process, by where their journals are",
    unit: "orders",
    note: `${concurrency} shoppers at once, two games each, filling the cart included; all else is in memory. The CPU is that of the process, and of Redis where the journals are there.`,
    results,
    more: yield* bench.profile(inMemory.contestant, inMemory.process),
    budgets: [Budgets.atMost("a journal in memory: µs of CPU per order", added, Budgets.most.journal)]
  } satisfies Section
})

const bare = "no journal"
