import { Effect } from "effect"
import type { Bench } from "../Bench.ts"
import * as Budgets from "../Budgets.ts"
import * as Collector from "../Collector.ts"
import * as Compare from "../Compare.ts"
import type { Section } from "../Report.ts"
import * as Shoppers from "../Shoppers.ts"
import * as Shops from "../Shops.ts"

const concurrency = 16

/** The fewest pairs of slices that the figure is the median of. */
const pairs = 10

/** Spans are sent some time after their page: a short slice would pay for the pages of another. In milliseconds. */
const slice = 900

/** Pages of the shop as nine processes that send every span, metric and log line, beside the same that send nothing. */
export const run = Effect.fnUntraced(function* (bench: Bench) {
  const load = yield* bench.start("load", "scripts/bench/programs/HttpLoad.ts", bench.cores.load)
  const collector = yield* Collector.start(bench)
  const off = yield* Shops.split(bench, "off", {})
  const on = yield* Shops.split(bench, "everything sent", collector)
  const contestants = yield* Effect.forEach([off, on], ({ port, processes, title }) =>
    Effect.map(Shoppers.arrive(port, concurrency), (requests) =>
      Object.entries(requests).map(([page, heads]): Compare.Contestant => ({
        name: `${page}, ${title}`,
        slice: (millis) => Compare.metered(processes, load.ask("load", { port, millis, concurrency, requests: heads })),
        base: `${page}, ${off.title}`
      }))
    )
  )
  const results = yield* Compare.run("telemetry", contestants.flat(), {
    ...bench.plan,
    slice: Math.max(slice, bench.plan.slice),
    rounds: Math.max(pairs, bench.plan.rounds)
  })
  return {
    title: "Telemetry: the shop as nine processes, every request traced, beside none",
    unit: "pages",
    note: `${concurrency} shoppers; CPU of all nine and their Redis, not of the collector; queues that drop nothing; ${Budgets.telemetry} times the CPU is a ratio of ${(1 / Budgets.telemetry).toFixed(2)}.`,
    results,
    budgets: results
      .filter(({ base, name }) => base !== name)
      .map(({ name, ratio }) => Budgets.atMost(`CPU of ${name}, in parts of off`, 1 / ratio, Budgets.telemetry))
  } satisfies Section
})
