import { Effect } from "effect"
import type { Bench } from "../Bench.ts"
import * as Budgets from "../Budgets.ts"
import * as Compare from "../Compare.ts"
import type { Process } from "../Process.ts"
import type { Section } from "../Report.ts"
import * as Shops from "../Shops.ts"
import { median } from "../Statistics.ts"

const concurrency = 8

/** What checkoutservice needs for an order beside the nine calls that it makes, by grpc-js alone, of the same services. */
export const run = Effect.fnUntraced(function* (bench: Bench) {
  const { cores, options, plan, programs } = bench
  const shop = yield* Shops.split(bench, "nine and Redis", {}, { checkoutservice: programs.checkout })
  const { environment } = shop
  const calls = yield* bench.serve({
    name: "nine calls",
    program: "scripts/bench/programs/BareCheckout.ts",
    cores: cores.shop,
    environment
  })
  const load = yield* bench.start("load", "scripts/bench/programs/OrderLoad.ts", cores.load, undefined, environment)
  const contestant = (name: string, port: number, process: Process): Compare.Contestant => ({
    name,
    base: bare,
    slice: (millis) => Compare.metered([process], load.ask("load", { port, millis, concurrency }))
  })
  const ours = shop.processes.find(({ name }) => name === "checkoutservice")
  if (ours === undefined) return yield* Effect.dieMessage("a shop has a checkout")
  const port = Number(environment["CHECKOUT_SERVICE_ADDR"]?.split(":")[1])
  const before =
    options.beside === undefined
      ? []
      : [
          yield* bench.serve({
            name: "checkoutservice before",
            program: programs.checkout,
            packages: options.beside,
            cores: cores.shop,
            environment
          })
        ]
  const ofOurs = contestant("checkoutservice", port, ours)
  const all = [
    contestant(bare, calls.port, calls.process),
    ...before.map(({ port, process }) => contestant(process.name, port, process)),
    ofOurs
  ]
  // Its first thousands of orders cost twice as much: V8 compiles what they run, and that is CPU of the process too.
  const results = yield* Compare.run("checkout", all, { ...plan, slice: plan.slice * 2, warmUp: plan.warmUp * 6 })
  const costs = results.map(({ slices }) => slices.map(Compare.cost))
  const [base = [], orders = []] = [costs[0], costs.at(-1)]
  const added = median(orders.map((cost, round) => cost - (base[round] ?? cost)))
  return {
    title: "An order in checkoutservice, its journal in Redis, beside the calls that it makes",
    unit: "orders",
    note: `${concurrency} shoppers at once; the CPU of that one process, of nine.`,
    results,
    more: yield* bench.profile(ofOurs, ours),
    budgets: [Budgets.atMost("checkoutservice beyond its calls: µs of CPU per order", added, Budgets.most.checkout)]
  } satisfies Section
})

const bare = "nine calls by grpc-js"
