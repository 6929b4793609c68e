import { Effect } from "effect"
import type { Bench } from "../Bench.ts"
import * as Budgets from "../Budgets.ts"
import * as Compare from "../Compare.ts"
import type { Section } from "../Report.ts"
import * as Starts from "../Starts.ts"

const concurrency = 32

/** Our client beside grpc-js's own, against the same bare server on the other core. */
export const run = Effect.fnUntraced(function* (bench: Bench) {
  const { cores, options, programs } = bench
  const server = yield* bench.serve({
    name: "server",
    program: "scripts/bench/programs/BareConvert.ts",
    cores: cores.load
  })
  const contestant = Effect.fnUntraced(function* (name: string, program: string, packages?: string) {
    const process = yield* bench.start(name, program, cores.measured, packages)
    const slice = (millis: number) =>
      Compare.metered([process], process.ask("load", { port: server.port, millis, concurrency }))
    return { name, slice, base: bare, process, isOurs: program === programs.caller && packages === undefined }
  })
  const { more, results } = yield* Starts.run(
    bench,
    "gRPC client",
    Effect.all([
      contestant(bare, "scripts/bench/programs/BareCaller.ts"),
      ...(options.beside === undefined ? [] : [contestant("GrpcClient before", programs.caller, options.beside)]),
      contestant("GrpcClient", programs.caller)
    ])
  )
  return {
    title: "gRPC client: one Convert",
    unit: "calls",
    note: `${concurrency} in flight; the CPU is the client's. Both set a deadline; ours sends its trace context too.`,
    results,
    more,
    budgets: [Budgets.atLeast("gRPC client", Compare.ratioOf(results, "GrpcClient"), Budgets.ratios["gRPC client"])]
  } satisfies Section
})

const bare = "bare makeUnaryRequest"
