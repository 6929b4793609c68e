import * as Truth from "../test/Truth.ts"
import { type Tier, tiers } from "@retro/process/Tiers"
import { calls, store } from "../src/ServiceGraph.ts"
import { Effect, Record } from "effect"
import { randomBytes } from "node:crypto"
import * as RedisServer from "../../redis/test/RedisServer.ts"
import * as Bundled from "../test/Bundled.ts"
import * as Deployment from "./Deployment.ts"

const names = Record.keys(tiers)

/** Every tier before whom it needs: the worst order to start in. */
export const callersFirst: ReadonlyArray<Tier> = names.toSorted((a, b) => depth(b) - depth(a))

/** How long the longest way of calls from a tier is. */
function depth(tier: Tier): number {
  return Math.max(0, ...calls[tier].map(({ to }) => 1 + depth(to)))
}

/** Nine deployments without pods, a Redis that does not run yet, and what was done for every order. */
export const make = Effect.gen(function* () {
  const folder = yield* Bundled.folder(names)
  const redis = yield* RedisServer.make("--appendonly", "yes", "--appendfsync", "always")
  yield* redis.kill
  const keys = { PII_KEY: newKey(), SESSION_KEY: newKey() }
  const deployments = new Map<Tier, Deployment.Deployment>()
  const environment = (tier: Tier) => ({
    ...keys,
    RATES: "snapshot",
    ...Object.fromEntries(calls[tier].map(({ to }) => [tiers[to].address, deployments.get(to)?.address ?? ""])),
    ...(store.users.some((user) => user === tier) && { REDIS_ADDR: redis.address })
  })
  for (const tier of names) {
    deployments.set(tier, yield* Deployment.make(folder, tier, () => environment(tier)))
  }
  const of = (tier: Tier) => Effect.orDie(Effect.fromNullable(deployments.get(tier)))
  const [payment, shipping, email] = yield* Effect.all([
    of("paymentservice"),
    of("shippingservice"),
    of("emailservice")
  ])
  return {
    redis,
    of,
    website: `http://${(yield* of("frontend")).address}`,
    truth: yield* Truth.make(redis, { payment, shipping, email })
  }
})

const newKey = () => randomBytes(32).toString("base64")
