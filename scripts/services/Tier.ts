import * as HealthClient from "@retro/grpc/HealthClient"
import { type Tier, tiers } from "@retro/process/Tiers"
import { Effect } from "effect"
import type { Program } from "./Supervisor.ts"

/** Where the ports of two tiers would meet on one machine. */
const apart: Partial<Record<Tier, number>> = {
  shippingservice: 50052,
  emailservice: 8081,
  recommendationservice: 8082
}

/** The port that a tier should have here. */
export const preferredPort = (tier: Tier): number => apart[tier] ?? tiers[tier].port

/** A tier as a process of its own. */
export const program = (name: Tier, port: number, shared: Readonly<Record<string, string | undefined>>): Program => ({
  name,
  line: [process.execPath, `packages/${name}/dist/main.cjs`],
  environment: { ...shared, PORT: String(port), LOG_FORMAT: "json" },
  isServing: name === "frontend" ? answersHttp(port) : HealthClient.isServing(`127.0.0.1:${port}`)
})

const answersHttp = (port: number): Effect.Effect<boolean> =>
  Effect.tryPromise((signal) => fetch(`http://127.0.0.1:${port}/_healthz`, { signal })).pipe(
    Effect.timeout("1 second"),
    Effect.match({ onSuccess: ({ ok }) => ok, onFailure: () => false })
  )
