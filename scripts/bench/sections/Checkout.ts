import { tiers } from "@retro/process/Tiers"
import { Effect } from "effect"
import { randomBytes } from "node:crypto"
import type { Bench } from "../Bench.ts"
import * as Budgets from "../Budgets.ts"
import * as Compare from "../Compare.ts"
import type { Process } from "../Process.ts"
import * as Progress from "../Progress.ts"
import * as Redis from "../Redis.ts"
import type { Section } from "../Report.ts"
import { median } from "../Statistics.ts"

const concurrency = 8

interface Serving {
  readonly process: Process
  readonly port: number
}

/**
 * What checkoutservice needs for an order beside the nine calls that it makes, by grpc-js alone. Either has the measured
 * core to itself, as a service in a pod has; whatever it asks is on the load's: services that answer at once, and a Redis.
 */
export const run = Effect.fnUntraced(function* (bench: Bench) {
  const { cores, options, plan, programs } = bench
  const redis = yield* Redis.start(cores.load)
  const services = yield* bench.serve({
    name: "services",
    program: "scripts/bench/programs/InstantServices.ts",
    cores: cores.load
  })
  const environment = {
    ...Object.fromEntries(Object.values(tiers).map(({ address }) => [address, `127.0.0.1:${services.port}`])),
    REDIS_ADDR: `127.0.0.1:${redis.port}`,
    PII_KEY: randomBytes(32).toString("base64url")
  }
  const serve = (name: string, program: string, packages?: string) =>
    bench.serve({ name, program, packages, cores: cores.measured, environment })
  const calls = yield* serve(bare, "scripts/bench/programs/BareCheckout.ts")
  const ours = yield* serve("checkoutservice", programs.checkout)
  const before =
    options.beside === undefined ? [] : [yield* serve("checkoutservice before", programs.checkout, options.beside)]
  const load = yield* bench.start("load", "scripts/bench/programs/OrderLoad.ts", cores.load, undefined, environment)
  const contestant = ({ port, process }: Serving): Compare.Contestant => ({
    name: process.name,
    base: bare,
    slice: (millis) => Compare.metered([process], load.ask("load", { port, millis, concurrency }))
  })
  const all = [calls, ...before, ours].map(contestant)
  const orders = options.quick ? 3_000 : 12_000
  yield* Effect.forEach(all, (each) => warmUp(each, orders), { discard: true })
  const results = yield* Compare.run("checkout", all, { ...plan, slice: plan.slice * 2, warmUp: 0 })
  const costs = results.map(({ slices }) => slices.map(Compare.cost))
  const [base = [], own = []] = [costs[0], costs.at(-1)]
  const added = median(own.map((cost, round) => cost - (base[round] ?? cost)))
  return {
    title: "An order in checkoutservice, its journal in Redis, beside the calls that it makes",
    unit: "orders",
    note: `${concurrency} shoppers at once; all threads of the one process, alone on its core, after ${orders} orders.`,
    results,
    more: yield* bench.profile(contestant(ours), ours.process),
    budgets: [Budgets.atMost("checkoutservice beyond its calls: µs of CPU per order", added, Budgets.most.checkout)]
  } satisfies Section
})

/** Its first ten thousand cost up to twice as much: V8 compiles what they run, and that is CPU of the process too. */
const warmUp = Effect.fnUntraced(function* ({ name, slice }: Compare.Contestant, orders: number) {
  Progress.say(`checkout: warming up ${name} (${orders} orders)`)
  const most = orders * slow
  for (let [placed, used] = [0, 0]; placed < orders && used < most;) {
    const done = yield* slice(1_000)
    placed += done.operations
    used += Compare.total(done)
  }
})

/** Microseconds of CPU for an order, with which a warm-up ends before it has all of them. */
const slow = 6_000

const bare = "nine calls by grpc-js"
