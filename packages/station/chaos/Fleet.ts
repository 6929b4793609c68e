import type { Tier } from "@retro/process/Tiers"
import { tiers } from "@retro/process/Tiers"
import { Effect, type Scope } from "effect"
import { randomBytes, randomInt } from "node:crypto"
import * as Ports from "../../../scripts/services/Ports.ts"
import * as RedisServer from "../../redis/test/RedisServer.ts"
import * as Bundled from "../test/Bundled.ts"
import * as Books from "./Books.ts"
import * as Link from "./Link.ts"

/** A process of the shop and the wires that lead from it, by whom they lead to. */
export interface Replica extends Bundled.Bundled {
  readonly name: string
  readonly tier: Tier
  readonly port: number
  readonly links: ReadonlyMap<string, Link.Link>
}

/** The split shop under test. */
export interface Fleet {
  readonly replicas: ReadonlyArray<Replica>
  readonly redis: RedisServer.RedisServer
  readonly books: Books.Books
  /** Where shoppers go. */
  readonly website: number
}

/** How often each tier runs. */
const replicas = {
  productcatalogservice: 1,
  currencyservice: 1,
  cartservice: 1,
  paymentservice: 2,
  shippingservice: 1,
  emailservice: 1,
  recommendationservice: 1,
  checkoutservice: 2,
  frontend: 1
} as const satisfies Record<Tier, number>

/** Whom each tier calls. */
const calls: Partial<Record<Tier, ReadonlyArray<Tier | "redis" | "outside" | "smtp">>> = {
  cartservice: ["redis"],
  paymentservice: ["redis", "outside"],
  shippingservice: ["redis", "outside"],
  emailservice: ["redis", "smtp"],
  recommendationservice: ["productcatalogservice"],
  checkoutservice: [
    "redis",
    "cartservice",
    "currencyservice",
    "emailservice",
    "paymentservice",
    "productcatalogservice",
    "shippingservice"
  ],
  frontend: [
    "cartservice",
    "checkoutservice",
    "currencyservice",
    "productcatalogservice",
    "recommendationservice",
    "shippingservice"
  ]
}

/** How long a checkoutservice may be silent before another takes its orders over. */
export const lease = { config: "2 seconds", millis: 2000 }

/** How long whoever does a step once per key may be silent before another does it, in milliseconds. */
export const keyLease = 15_000

const programs = {
  paymentservice: "packages/station/chaos/programs/paymentservice.ts",
  shippingservice: "packages/station/chaos/programs/shippingservice.ts"
}

/** Below what systems give to outgoing connections: a port must still be free when its process starts again. */
const listening = { from: 20_000, to: 30_000 }

/** All shoppers come from one address. */
const noLimits = { SEARCH_LIMIT: "0", CART_LIMIT: "0", CHECKOUT_LIMIT: "0", DECLINE_LIMIT: "0" }

/**
 * Starts all of it, of each tier so many at most: a Redis that loses nothing it answered, every tier as a process of its
 * own, a link for every arrow.
 */
export const start: (
  environment?: Readonly<Record<string, string>>,
  most?: number
) => Effect.Effect<Fleet, never, Scope.Scope> = Effect.fnUntraced(function* (environment = {}, most = Infinity) {
  const countOf = (tier: Tier) => Math.min(most, replicas[tier])
  const names = Object.keys(replicas) as ReadonlyArray<Tier>
  const folder = yield* Bundled.folder(names, programs)
  const books = yield* Books.open
  const redis = yield* RedisServer.make("--appendonly", "yes", "--appendfsync", "always", "--save", "")
  const ports = new Map<string, ReadonlyArray<number>>([
    ["redis", [redis.port]],
    ["outside", [books.port]],
    ["smtp", [books.smtpPort]]
  ])
  const taken = new Set<number>()
  const freePort = Effect.tap(
    Effect.suspend(() => Ports.free(randomInt(listening.from, listening.to), taken)),
    (port) => Effect.sync(() => taken.add(port))
  )
  for (const tier of names) ports.set(tier, yield* Effect.replicateEffect(freePort, countOf(tier)))
  const keys = { SESSION_KEY: newKey(), PII_KEY: newKey() }

  const replica = Effect.fnUntraced(function* (tier: Tier, port: number, number: number) {
    const links = new Map<string, Link.Link>()
    for (const whom of calls[tier] ?? []) links.set(whom, yield* Link.make(ports.get(whom) ?? []))
    const addresses = [...links].map(([whom, link]) => [variableOf(whom), valueOf(whom, link.port)])
    const bundled = yield* Bundled.make(folder, tier, port, {
      ...keys,
      ...environment,
      ...noLimits,
      RATES: "snapshot",
      JOURNAL_LEASE: lease.config,
      ...Object.fromEntries(addresses)
    })
    const made: Replica = { ...bundled, name: countOf(tier) === 1 ? tier : `${tier}-${number}`, tier, port, links }
    return made
  })
  const all = yield* Effect.forEach(names, (tier) =>
    Effect.forEach(ports.get(tier) ?? [], (port, index) => replica(tier, port, index + 1))
  )
  const fleet = all.flat()
  yield* Effect.forEach(fleet, ({ start }) => start, { concurrency: 2 })
  return { replicas: fleet, redis, books, website: ports.get("frontend")?.[0] ?? 0 }
})

const newKey = () => randomBytes(32).toString("base64url")

const variableOf = (whom: string): string => {
  if (whom === "redis") return "REDIS_ADDR"
  if (whom === "outside") return "OUTSIDE_ADDR"
  return whom === "smtp" ? "SMTP_URL" : tiers[whom as Tier].address
}

const valueOf = (whom: string, port: number) => (whom === "smtp" ? `smtp://127.0.0.1:${port}` : `127.0.0.1:${port}`)
