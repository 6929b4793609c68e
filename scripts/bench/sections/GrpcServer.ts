import { Effect } from "effect"
import type { Bench, Server } from "../Bench.ts"
import * as Budgets from "../Budgets.ts"
import * as Collector from "../Collector.ts"
import * as Compare from "../Compare.ts"
import type { Load } from "../Ipc.ts"
import type { Section } from "../Report.ts"
import * as Starts from "../Starts.ts"

const concurrency = 64

/** currencyservice's Convert, as it ships, beside a bare handler with the same messages. */
export const run = Effect.fnUntraced(function* (bench: Bench) {
  const { cores, options, programs } = bench
  const load = yield* bench.start("load", "scripts/bench/programs/GrpcLoad.ts", cores.load)
  const environment = yield* Collector.start(bench)
  const contestant = Effect.fnUntraced(function* (
    name: string,
    program: string,
    { environment = {}, packages, sampledOneIn = 1 }: Pick<Server, "environment" | "packages"> & Sampled = {}
  ) {
    const { port, process } = yield* bench.serve({ name, program, packages, environment, cores: cores.measured })
    const slice = (millis: number) =>
      Compare.metered([process], load.ask("load", { port, millis, concurrency, sampledOneIn }))
    return { name, slice, base: bare, process, isOurs: program === programs.convert && packages === undefined }
  })
  const { more, results } = yield* Starts.run(
    bench,
    "gRPC server",
    Effect.all([
      contestant(bare, "scripts/bench/programs/BareConvert.ts"),
      ...(options.beside === undefined
        ? []
        : [contestant("currencyservice before", programs.convert, { packages: options.beside })]),
      contestant("currencyservice", programs.convert),
      contestant(oneInHundred, programs.convert, { environment, sampledOneIn: 100 }),
      contestant(everyCall, programs.convert, { environment })
    ])
  )
  return {
    title: "gRPC server: one Convert",
    unit: "calls",
    note: `${concurrency} in flight over one connection, each with a deadline and in a trace of its own; answers compared byte by byte.`,
    results,
    more,
    budgets: [
      Budgets.atLeast("gRPC server", Compare.ratioOf(results, "currencyservice"), Budgets.ratios["gRPC server"]),
      Budgets.atLeast(
        "gRPC server, every call traced",
        Compare.ratioOf(results, everyCall),
        Budgets.ratios["gRPC server, every call traced"]
      )
    ]
  } satisfies Section
})

type Sampled = Pick<Load, "sampledOneIn">

const bare = "bare grpc-js"
const oneInHundred = "currencyservice, one trace in a hundred"
const everyCall = "currencyservice, every call traced"
