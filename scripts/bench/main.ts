// Measures what the shop costs beside the bare things that it is built on: `npm run bench`, which exits with 1 when a budget
// is missed. `-- --quick` takes minutes; `--only server,client,http` chooses; `--split` adds what needs a redis-server;
// `--prove` measures deliberately slow programs, of which every budget must catch one; `--profile` says where the time goes; `--json FILE` keeps all figures; `--beside DIR` measures another state of the
// repository (its folder, of which only packages/ is needed) in the same run; `--node FILE` also starts everything with another node.
import { Cause, Effect, Exit, Fiber, FiberId, type Scope } from "effect"
import { writeFileSync } from "node:fs"
import { availableParallelism, cpus, loadavg } from "node:os"
import { resolve } from "node:path"
import { parseArgs } from "node:util"
import * as Bench from "./Bench.ts"
import * as Progress from "./Progress.ts"
import * as Report from "./Report.ts"
import * as Checkout from "./sections/Checkout.ts"
import * as GrpcClient from "./sections/GrpcClient.ts"
import * as GrpcServer from "./sections/GrpcServer.ts"
import * as Growth from "./sections/Growth.ts"
import * as Http from "./sections/Http.ts"
import * as Load from "./sections/Load.ts"
import * as Orders from "./sections/Orders.ts"
import * as Sequential from "./sections/Sequential.ts"
import * as Split from "./sections/Split.ts"
import * as Start from "./sections/Start.ts"
import * as Telemetry from "./sections/Telemetry.ts"
import * as Shops from "./Shops.ts"

type Name =
  | "server"
  | "client"
  | "http"
  | "load"
  | "load-bare"
  | "growth"
  | "start"
  | "orders"
  | "checkout"
  | "split"
  | "load-split"
  | "buy"
  | "buy-split"
  | "sequential"
  | "telemetry"
type Run = (bench: Bench.Bench) => Effect.Effect<Report.Section, Error, Scope.Scope>

const sections: Readonly<Record<Name, Run>> = {
  server: GrpcServer.run,
  client: GrpcClient.run,
  http: Http.run,
  load: Load.run(Shops.fused),
  "load-bare": Load.run(Shops.bare, Load.bare),
  growth: Growth.run,
  start: Start.run,
  orders: Orders.run,
  checkout: Checkout.run,
  split: Split.run,
  "load-split": Load.run(Shops.split),
  buy: Load.run(Shops.fused, Load.purchases),
  "buy-split": Load.run(Shops.split, Load.purchases),
  sequential: Sequential.run,
  telemetry: Telemetry.run
}

/** What needs nothing but node. */
const usual: ReadonlyArray<Name> = ["server", "client", "http", "load", "load-bare", "buy", "growth", "start"]

/** What needs a redis-server too. */
const withRedis: ReadonlyArray<Name> = [
  "orders",
  "checkout",
  "split",
  "load-split",
  "buy-split",
  "sequential",
  "telemetry"
]

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    split: { type: "boolean", default: false },
    profile: { type: "boolean", default: false },
    prove: { type: "boolean", default: false },
    only: { type: "string" },
    json: { type: "string" },
    beside: { type: "string" },
    node: { type: "string" }
  }
})

const chosen = (values.only?.split(",") ?? [...usual, ...(values.split ? withRedis : [])]).map((name) => {
  if (name in sections) return name as Name
  console.error(`There is no section ${name}. There are ${Object.keys(sections).join(", ")}.`)
  return process.exit(2)
})

const machine = {
  node: process.version,
  cpu: cpus()[0]?.model ?? "unknown",
  cores: availableParallelism(),
  /** Of the minute before the first section: others that run beside the bench are in its figures. */
  loadAverage: loadavg()[0] ?? 0,
  date: new Date().toISOString()
}

const main = Effect.gen(function* () {
  const bench = yield* Bench.make({
    quick: values.quick,
    profile: values.profile,
    prove: values.prove,
    beside: values.beside === undefined ? undefined : resolve(values.beside, "packages"),
    node: values.node
  })
  const { load = "any core", measured = "any core" } = bench.cores
  console.log(`Node ${machine.node}, ${machine.cores} × ${machine.cpu}; measured on core ${measured}, load on ${load}.`)
  console.log(`Load average ${machine.loadAverage.toFixed(1)}. A ratio above 1 is faster than its base.`)
  const done = yield* Effect.forEach(chosen, (name) =>
    Effect.scoped(sections[name](bench)).pipe(
      Effect.tap((section) =>
        Effect.sync(() => {
          Progress.clear()
          console.log(Report.toText(section))
        })
      )
    )
  )
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify({ machine, sections: done }, null, 2))
  const missed = done.flatMap(({ budgets }) => budgets ?? []).filter(({ kept }) => !kept)
  if (!values.prove) return missed.length === 0
  const uncaught = done.filter(({ budgets = [] }) => budgets.length > 0 && budgets.every(({ kept }) => kept))
  for (const { title } of uncaught) console.log(`Nothing slow was caught by: ${title}`)
  return uncaught.length === 0
}).pipe(Effect.scoped)

const fiber = Effect.runFork(main)
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => fiber.unsafeInterruptAsFork(FiberId.none))
const exit = await Effect.runPromise(Fiber.await(fiber))
if (Exit.isFailure(exit) && !Cause.isInterruptedOnly(exit.cause)) console.error(Cause.pretty(exit.cause))
process.exit(Exit.isSuccess(exit) && exit.value ? 0 : 1)
