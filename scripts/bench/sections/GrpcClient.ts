import { Effect } from "effect"
import type { Bench } from "../Bench.ts"
import * as Budgets from "../Budgets.ts"
import * as Compare from "../Compare.ts"
import type { Section } from "../Report.ts"

const concurrency = 32

/** Our client beside grpc-js's own, against the same bare server on the other core. */
export const run = Effect.fnUntraced(function* (bench: Bench) {
  const { cores, options, plan } = bench
  const server = yield* bench.serve({
    name: "server",
    program: "scripts/bench/programs/BareConvert.ts",
    cores: cores.load
  })
  const contestant = Effect.fnUntraced(function* (name: string, program: string, packages?: string) {
    const process = yield* bench.start(name, program, cores.measured, packages)
    const slice = (millis: number) =>
      Compare.metered([process], process.ask("load", { port: server.port, millis, concurrency }))
    return { process, contestant: { name, slice, base: bare } }
  })
  const base = yield* contestant(bare, "scripts/bench/programs/BareCaller.ts")
  const before =
    options.beside === undefined ? [] : [yield* contestant("GrpcClient before", bench.programs.caller, options.beside)]
  const ours = yield* contestant("GrpcClient", bench.programs.caller)
  const results = yield* Compare.run(
    "gRPC client",
    [base, ...before, ours].map(({ contestant }) => contestant),
    plan
  )
  return {
    title: "gRPC client: one Convert",
    unit: "calls",
    note: `${concurrency} in flight; the CPU is the client's. Both set a deadline; ours sends its trace context too.`,
    results,
    more: yield* bench.profile(ours.contestant, ours.process),
    budgets: [Budgets.atLeast("gRPC client", Compare.ratioOf(results, "GrpcClient"), Budgets.ratios["gRPC client"])]
  } satisfies Section
})

const bare = "bare makeUnaryRequest"
