import { Effect } from "effect"
import * as Ports from "../../services/Ports.ts"
import type { Bench } from "../Bench.ts"
import * as Compare from "../Compare.ts"
import type { Section } from "../Report.ts"
import * as Shoppers from "../Shoppers.ts"
import * as Shops from "../Shops.ts"

const concurrency = 16

/** The fewest pairs of slices that the figure is the median of. */
const pairs = 10

/** Pages of the shop as nine processes that send every span, metric and log line, beside the same that send nothing. */
export const run = Effect.fnUntraced(function* (bench: Bench) {
  const load = yield* bench.start("load", "scripts/bench/programs/HttpLoad.ts", bench.cores.load)
  const collector = yield* Ports.free(0, new Set())
  yield* bench.serve({
    name: "collector",
    program: "scripts/bench/programs/Collector.ts",
    cores: bench.cores.load,
    port: collector
  })
  const off = yield* Shops.split(bench, "off", {})
  const on = yield* Shops.split(bench, "everything sent", {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector}`
  })
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
    rounds: Math.max(pairs, bench.plan.rounds)
  })
  return {
    title: "Telemetry: the shop as nine processes, every request traced, beside none",
    unit: "pages",
    note: `${concurrency} shoppers; CPU of all nine and their Redis, not of the collector; 1.35 times the CPU is a ratio of 0.74.`,
    results
  } satisfies Section
})
