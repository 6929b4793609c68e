import { Effect, Random, Redacted, Runtime, type Scope } from "effect"
import type { Cluster, Redis, RedisOptions } from "ioredis"
import type { RedisAddress } from "./RedisAddress.ts"

/** The longest that one command waits for its answer, in milliseconds. */
const commandTimeout = 1_000

/** Milliseconds without a byte, while one is due, after which the connection is taken for dead. */
const socketTimeout = 5_000

const connectTimeout = 2_000
const maxBackOff = 2_000

/** Only where there is a Redis: without one a process needs neither the time to read it nor its memory. */
const ioredis = Effect.map(
  Effect.promise(() => import("ioredis")),
  // It is CommonJS, of which a bundle that imports it late knows this one name.
  (library) => library.default
)

/**
 * A client that connects by itself, again and again, until the scope closes. A command fails at once while there is no
 * connection and after {@link commandTimeout} while there is no answer; it is never kept for later and never sent twice.
 * Waits for the first connection a little, so that the first commands find one.
 */
export const connect: (address: RedisAddress) => Effect.Effect<Redis | Cluster, never, Scope.Scope> = Effect.fnUntraced(
  function* (address) {
    const runtime = yield* Effect.runtime()
    const waits = (attempt: number) => Runtime.runSync(runtime, backOff(attempt))
    const client = yield* Effect.acquireRelease(
      Effect.map(ioredis, (library) => open(library, address, waits)),
      (client) => Effect.sync(() => client.disconnect())
    )
    const said = { last: "" }
    client.on("error", (error) => {
      const text = describe(error)
      if (text !== said.last) Runtime.runFork(runtime, Effect.logWarning(`no connection to Redis: ${text}`))
      said.last = text
    })
    client.on("ready", () => {
      said.last = ""
      Runtime.runFork(runtime, Effect.logInfo("connected to Redis"))
    })
    yield* Effect.tryPromise(() => client.connect()).pipe(Effect.timeout(connectTimeout), Effect.ignore)
    return client
  }
)

/** An error of ioredis without the command it was about: what Redis replies may repeat arguments after its first word. */
export const describe = (error: unknown): string => {
  if (!(error instanceof Error)) return "unknown"
  return error.name === "ReplyError" ? (error.message.split(" ", 1)[0] ?? "") : error.message
}

/** Half of it at least: from 50 ms, doubling up to {@link maxBackOff}. */
const backOff = (attempt: number): Effect.Effect<number> => {
  const longest = Math.min(maxBackOff, 50 * 2 ** Math.min(attempt, 10))
  return Random.nextIntBetween(longest / 2, longest)
}

const open = (
  { Cluster, Redis }: Pick<typeof import("ioredis"), "Cluster" | "Redis">,
  address: RedisAddress,
  waits: (attempt: number) => number
): Redis | Cluster => {
  const common = {
    lazyConnect: true,
    username: address.username,
    password: address.password === undefined ? undefined : Redacted.value(address.password),
    tls: address.tls ? {} : undefined,
    commandTimeout,
    socketTimeout,
    connectTimeout,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false
  } satisfies RedisOptions
  const single = { ...common, enableOfflineQueue: false, retryStrategy: waits }
  switch (address._tag) {
    case "Single":
      return new Redis({ ...single, ...address.server, db: address.database })
    case "Sentinel":
      return new Redis({
        ...single,
        sentinels: [...address.sentinels],
        name: address.master,
        db: address.database,
        sentinelRetryStrategy: waits,
        sentinelCommandTimeout: commandTimeout,
        enableTLSForSentinelMode: address.tls,
        sentinelTLS: common.tls
      })
    case "Cluster":
      return new Cluster([...address.nodes], {
        lazyConnect: true,
        enableOfflineQueue: false,
        clusterRetryStrategy: waits,
        maxRedirections: 3,
        slotsRefreshTimeout: commandTimeout,
        redisOptions: common
      })
  }
}
