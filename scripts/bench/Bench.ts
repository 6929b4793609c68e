import { Effect, type Scope } from "effect"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Ports from "../services/Ports.ts"
import * as Bundle from "./Bundle.ts"
import type { Contestant, Plan } from "./Compare.ts"
import * as Cores from "./Cores.ts"
import * as NodeFlags from "./NodeFlags.ts"
import * as Process from "./Process.ts"
import * as Profile from "./Profile.ts"

/** What a section of the bench works with. */
export interface Bench {
  readonly options: Options
  readonly plan: Plan
  readonly cores: Cores.Cores
  /** What is measured, by its path in the repository. */
  readonly programs: typeof ours
  /** The file of a program's bundle. */
  readonly bundled: (program: string, packages?: string) => Effect.Effect<string>
  /** Starts a program that answers questions: `program` is its path in the repository. */
  readonly start: (
    name: string,
    program: string,
    cores: string | undefined,
    packages?: string,
    environment?: Readonly<Record<string, string>>
  ) => Started<Process.Process>
  /** Starts a server at any free port, with `packages` from another state of the repository where it is given. */
  readonly serve: (server: Server) => Started<{ readonly process: Process.Process; readonly port: number }>
  /** The summary of a profile, or nothing where none is wanted. */
  readonly profile: (contestant: Contestant, process: Process.Process) => Effect.Effect<ReadonlyArray<string>, Error>
}

type Started<A> = Effect.Effect<A, Error, Scope.Scope>

export interface Server {
  readonly name: string
  readonly program: string
  readonly packages?: string | undefined
  readonly cores: string | undefined
  readonly port?: number
  readonly environment?: Readonly<Record<string, string>>
}

/** What the command line says. */
export interface Options {
  readonly quick: boolean
  readonly profile: boolean
  /** Measures deliberately slow programs in place of ours: every section has to miss a budget. */
  readonly prove: boolean
  /** The folder `packages` of another state of the repository, to measure beside this one. */
  readonly beside: string | undefined
  /** Another node, to start everything with beside this one. */
  readonly node: string | undefined
}

const ours = {
  convert: "packages/currencyservice/main.ts",
  caller: "scripts/bench/programs/Caller.ts",
  station: "packages/station/main.ts",
  orders: "scripts/bench/programs/OrdersMemory.ts",
  checkout: "packages/checkoutservice/main.ts"
}

const slow: typeof ours = {
  convert: "scripts/bench/programs/slow/Convert.ts",
  caller: "scripts/bench/programs/slow/Caller.ts",
  station: "scripts/bench/programs/slow/Station.ts",
  orders: "scripts/bench/programs/slow/Orders.ts",
  checkout: "scripts/bench/programs/slow/Checkout.ts"
}

/** The shop in one process, and what is compared with it. */
const inOneProcess: ReadonlySet<string> = new Set([ours.station, slow.station, "scripts/bench/programs/BareHome.ts"])

const plans = {
  thorough: { warmUp: 3000, slice: 500, rounds: 16 },
  quick: { warmUp: 1500, slice: 300, rounds: 5 }
} satisfies Record<string, Plan>

/** A bench with a folder for its bundles, which go with the scope; profiles stay. */
export const make = Effect.fnUntraced(function* (options: Options) {
  const folder = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "retro-bench-"))),
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
  )
  const cores = Cores.divide()
  const bundled = bundles(folder)
  const command = Effect.fnUntraced(function* (name: string, program: string, packages?: string) {
    const [file, meter] = yield* Effect.all([bundled(program, packages), bundled("scripts/bench/Meter.ts")])
    return { name, file, meter, flags: inOneProcess.has(program) ? NodeFlags.ofStart : [] }
  })
  const bench: Bench = {
    options,
    plan: options.quick ? plans.quick : plans.thorough,
    cores,
    programs: options.prove ? slow : ours,
    bundled,
    start: (name, program, cores, packages, environment = {}) =>
      Effect.flatMap(command(name, program, packages), (command) => Process.start({ ...command, cores, environment })),
    serve: Effect.fnUntraced(function* ({ cores, environment = {}, name, packages, program, port: given }) {
      const port = given ?? (yield* Ports.free(0, new Set()))
      const process = yield* Process.startServer(
        { ...(yield* command(name, program, packages)), cores, environment: { ...quiet, ...environment } },
        port
      )
      return { process, port }
    }),
    profile: (contestant, process) =>
      options.profile
        ? Effect.map(
            Profile.take(contestant.name, process, profileFile(contestant), contestant.slice(4000)),
            (text) => [text]
          )
        : Effect.succeed([])
  }
  return bench
})

/** No limits for a single shopper, and the bundled rates: what is compared converts by the same table, and nothing goes out. Port 9 refuses. */
const quiet = {
  RATES: "snapshot",
  ECB_RATES_URL: "http://127.0.0.1:9/",
  SEARCH_LIMIT: "0",
  CART_LIMIT: "0",
  CHECKOUT_LIMIT: "0",
  HTTP_MAX_IN_FLIGHT: "1000"
}

const profileFile = ({ name }: Contestant): string =>
  join(tmpdir(), `retro-bench-${name.replaceAll(/\W+/g, "-")}.cpuprofile`)

/** Bundles each program once, for each state of the packages. */
const bundles = (folder: string) => {
  const made = new Map<string, Promise<string>>()
  return (program: string, packages?: string) => {
    const key = `${program} ${packages ?? ""}`
    const known =
      made.get(key) ??
      Bundle.make([program], `${folder}/${made.size}`, packages).then((files) => files.get(program) ?? "")
    made.set(key, known)
    return Effect.promise(() => known)
  }
}
