import { Effect } from "effect"
import type { Bench, Server } from "../Bench.ts"
import * as Budgets from "../Budgets.ts"
import * as Collector from "../Collector.ts"
import * as Compare from "../Compare.ts"
import type { Load } from "../Ipc.ts"
import type { Section } from "../Report.ts"

const concurrency = 64

/** currencyservice's Convert, as it ships, beside a bare handler with the same messages. */
export const run = Effect.fnUntraced(function* (bench: Bench) {
  const { cores, options, plan } = bench
  const load = yield* bench.start("load", "scripts/bench/programs/GrpcLoad.ts", cores.load)
  const contestant = Effect.fnUntraced(function* (
    name: string,
    program: string,
    { environment = {}, packages, sampledOneIn = 1 }: Pick<Server, "environment" | "packages"> & Sampled = {}
  ) {
    const { port, process } = yield* bench.serve({ name, program, packages, environment, cores: cores.measured })
    const slice = (millis: number) =>
      Compare.metered([process], load.ask("load", { port, millis, concurrency, sampledOneIn }))
    return { process, contestant: { name, slice, base: bare } }
  })
  const base = yield* contestant(bare, "scripts/bench/programs/BareConvert.ts")
  const before =
    options.beside === undefined
      ? []
      : [yield* contestant("currencyservice before", bench.programs.convert, { packages: options.beside })]
  const ours = yield* contestant("currencyservice", bench.programs.convert)
  const environment = yield* Collector.start(bench)
  const sampled = yield* contestant(oneInHundred, bench.programs.convert, { environment, sampledOneIn: 100 })
  const traced = yield* contestant(everyCall, bench.programs.convert, { environment })
  const results = yield* Compare.run(
    "gRPC server",
    [base, ...before, ours, sampled, traced].map(({ contestant }) => contestant),
    plan
  )
  return {
    title: "gRPC server: one Convert",
    unit: "calls",
    note: `${concurrency} in flight over one connection, each with a deadline and in a trace of its own; answers compared byte by byte.`,
    results,
    more: (yield* Effect.forEach([ours, sampled, traced], (each) =>
      bench.profile(each.contestant, each.process)
    )).flat(),
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
