// Runs the shop as it runs in a cluster: every service a process of its own, calling the others over gRPC, with carts in
// a real Redis. `npm run services -- --only cartservice,frontend`, `npm run services -- --without redis`.
import * as Signals from "@retro/process/Signals"
import * as StartFailure from "@retro/process/StartFailure"
import { type Tier, tiers } from "@retro/process/Tiers"
import { Config, Deferred, Effect, Exit, Fiber, FiberId } from "effect"
import { randomBytes } from "node:crypto"
import { parseArgs } from "node:util"
import { bundle } from "./bundle/Bundle.ts"
import * as Board from "./services/Board.ts"
import * as Ports from "./services/Ports.ts"
import * as Redis from "./services/Redis.ts"
import * as Supervisor from "./services/Supervisor.ts"
import * as TierProcess from "./services/Tier.ts"

const all = ["redis", ...Object.keys(tiers)]

const names = (list: string | undefined): ReadonlyArray<string> | undefined => {
  const chosen = list?.split(",").filter((name) => name !== "")
  const unknown = chosen?.filter((name) => !all.includes(name)) ?? []
  if (unknown.length === 0) return chosen
  console.error(`There is no ${unknown.join(", ")}. There are ${all.join(", ")}.`)
  process.exit(2)
}

const { only, without } = parseArgs({ options: { only: { type: "string" }, without: { type: "string" } } }).values
const excluded = names(without) ?? []
const chosen = (names(only) ?? all).filter((name) => !excluded.includes(name))
const chosenTiers = (Object.keys(tiers) as ReadonlyArray<Tier>).filter((tier) => chosen.includes(tier))

/** A port for each: its documented one (for the website `PORT`), or another where somebody listens there. */
const assignPorts = Effect.fnUntraced(function* (withRedis: boolean) {
  const website = yield* Config.withDefault(Config.port("PORT"), tiers.frontend.port)
  const ports = new Map<string, number>()
  if (withRedis) ports.set("redis", yield* Ports.free(0, new Set()))
  for (const tier of chosenTiers) {
    const preferred = tier === "frontend" ? website : TierProcess.preferredPort(tier)
    ports.set(tier, yield* Ports.free(preferred, new Set(ports.values())))
  }
  return ports
})

/** What every tier is told: who is where, the keys that they share, and Redis. */
const environment = (
  ports: ReadonlyMap<string, number>,
  spansPort: number
): Readonly<Record<string, string | undefined>> => {
  const addresses = Object.keys(tiers).map((name) => {
    const tier = name as Tier
    return [tiers[tier].address, `localhost:${ports.get(tier) ?? TierProcess.preferredPort(tier)}`]
  })
  const redis = ports.get("redis")
  return {
    HOST: "127.0.0.1",
    ...showsTraces(spansPort),
    SESSION_KEY: newKey(),
    PII_KEY: newKey(),
    ...Object.fromEntries(addresses.filter(([name = ""]) => process.env[name] === undefined)),
    ...(redis === undefined ? {} : { REDIS_ADDR: `localhost:${redis}` }),
    ...process.env
  }
}

/** Every tier tells its spans to the website, which shows them at /dev/traces; not where somebody else wants them. */
const showsTraces = (port: number) =>
  process.env["OTEL_EXPORTER_OTLP_ENDPOINT"] !== undefined || !chosen.includes("frontend")
    ? {}
    : {
        DEV_SPANS_PORT: String(port),
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `http://127.0.0.1:${port}/v1/traces`,
        OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: "http/json",
        OTEL_BSP_SCHEDULE_DELAY: "500"
      }

const newKey = () => randomBytes(32).toString("base64url")

const main = Effect.gen(function* () {
  const begun = Date.now()
  const wantsRedis = chosen.includes("redis") && process.env["REDIS_ADDR"] === undefined
  const server = wantsRedis ? Redis.path() : undefined
  const ports = yield* assignPorts(server !== undefined)
  const board = Board.make(ports)
  if (wantsRedis && server === undefined) board.say(Redis.advice)
  yield* Effect.promise(() => bundle(chosenTiers))

  const shared = environment(ports, yield* Ports.free(0, new Set(ports.values())))
  const programs = [...ports].map(([name, port]) =>
    name === "redis" && server !== undefined
      ? Redis.program(server, port)
      : TierProcess.program(name as Tier, port, shared)
  )
  const served = yield* Effect.forEach(programs, (program) =>
    Effect.tap(Deferred.make<void>(), (served) => Supervisor.run(program, board, served))
  )
  yield* Effect.forEach(served, Deferred.await, { discard: true })
  const where = chosenTiers.includes("frontend")
    ? `The shop answers at http://localhost:${ports.get("frontend")}`
    : "All serve"
  board.say(`${where} (after ${((Date.now() - begun) / 1000).toFixed(1)} s). Ctrl-C stops everything.`)
  return yield* Effect.never
}).pipe(Effect.scoped)

const fiber = Effect.runFork(main)
const stop = () => fiber.unsafeInterruptAsFork(FiberId.none)
// SIGHUP is the terminal closing: nobody would stop the processes after that. Nor when nobody reads what we say any more.
Signals.onStop(stop, ["SIGTERM", "SIGINT", "SIGHUP"])
process.stdout.on("error", stop)
const exit = await Effect.runPromise(Fiber.await(fiber))
if (Exit.isSuccess(exit) || Exit.isInterrupted(exit)) process.exit(0)
const { exitCode, text } = StartFailure.make(exit.cause)
console.error(text)
process.exit(exitCode)
