import { type Tier, tiers } from "@retro/process/Tiers"
import { Effect } from "effect"
import { randomBytes } from "node:crypto"
import * as Ports from "../services/Ports.ts"
import type { Bench } from "./Bench.ts"
import type { Process } from "./Process.ts"
import * as Redis from "./Redis.ts"

/** A shop that is measured. */
export interface Shop {
  readonly title: string
  readonly port: number
  readonly processes: ReadonlyArray<Process>
  /** Where its services are, in the variables that say so. */
  readonly environment: Readonly<Record<string, string>>
}

/** The shop in one process. */
export const fused = (bench: Bench) =>
  Effect.map(
    bench.serve({ name: "station", program: bench.programs.station, cores: bench.cores.shop }),
    ({ port, process }): Shop => ({ title: "one process", port, processes: [process], environment: {} })
  )

/** No shop: node:http alone, with the home page of one. */
export const bare = (bench: Bench) =>
  Effect.map(
    bench.serve({ name: "bare", program: "scripts/bench/programs/BareHome.ts", cores: bench.cores.shop }),
    ({ port, process }): Shop => ({ title: "bare node:http", port, processes: [process], environment: {} })
  )

/** The shop as nine processes with a Redis of their own, with that in their environment, and other programs in place of some. */
export const split = Effect.fnUntraced(function* (
  bench: Bench,
  title = "nine and Redis",
  more: Readonly<Record<string, string>> = {},
  instead: Partial<Readonly<Record<Tier, string>>> = {}
) {
  const redis = yield* Redis.start(bench.cores.shop)
  const names = Object.keys(tiers) as ReadonlyArray<Tier>
  const ports = new Map<Tier, number>()
  for (const name of names) ports.set(name, yield* Ports.free(0, new Set(ports.values())))
  const environment = {
    ...Object.fromEntries(names.map((name) => [tiers[name].address, `127.0.0.1:${ports.get(name)}`])),
    REDIS_ADDR: `127.0.0.1:${redis.port}`,
    SESSION_KEY: randomBytes(32).toString("base64url"),
    PII_KEY: randomBytes(32).toString("base64url"),
    ...more
  }
  const started = yield* Effect.forEach(names, (name) =>
    bench.serve({
      name,
      program: instead[name] ?? `packages/${name}/main.ts`,
      cores: bench.cores.shop,
      port: ports.get(name)!,
      environment
    })
  )
  const shop: Shop = {
    title,
    port: ports.get("frontend")!,
    processes: [...started.map(({ process }) => process), redis.process],
    environment
  }
  return shop
})
