import { type ConfigError, Context, Data, Effect, Exit, Layer } from "effect"
import type { Cluster, Redis as Client } from "ioredis"
import { createHash } from "node:crypto"
import type { Writable } from "node:stream"
import * as Gathered from "./Gathered.ts"
import * as RedisAddress from "./RedisAddress.ts"
import * as RedisClient from "./RedisClient.ts"
import * as RedisSpan from "./RedisSpan.ts"

/** Redis does not answer, or refuses. Whether it did what it was asked is unknown. */
export class RedisUnavailable extends Data.TaggedError("RedisUnavailable") {}

/** A program in Lua that Redis runs as one: nobody sees it half done. In a cluster all its keys hash to one slot. */
export interface Script {
  /** What traces call it: "cart.add". */
  readonly name: string
  readonly lua: string
  /** What Redis calls it by. */
  readonly sha1: string
}

/** A script from its name and its text. */
export const script = (name: string, lua: string): Script => ({
  name,
  lua,
  sha1: createHash("sha1").update(lua).digest("hex")
})

/** The Redis that the processes of a service share. */
export class Redis extends Context.Tag("@retro/redis/Redis")<
  Redis,
  {
    /** Runs a script in one round trip; in two where Redis does not know it yet, the first of which does nothing. */
    readonly run: (
      script: Script,
      keys: ReadonlyArray<string>,
      args?: ReadonlyArray<string | number>
    ) => Effect.Effect<unknown, RedisUnavailable>
    /** Fails while there is no connection. */
    readonly ping: Effect.Effect<void, RedisUnavailable>
  }
>() {}

/** The Redis at `REDIS_ADDR`. It need not be there yet: until it is, everything asked of it fails. */
export const layerConfig: Layer.Layer<Redis, ConfigError.ConfigError> = Layer.scoped(
  Redis,
  RedisAddress.config.pipe(Effect.flatMap(RedisClient.connect), Effect.map(make))
)

/** Asks whether Redis answers: what the readiness of a service that keeps things in it is. */
export const answers: Effect.Effect<Effect.Effect<boolean>, never, Redis> = Effect.map(Redis, ({ ping }) =>
  Effect.isSuccess(ping)
)

function make(client: Client | Cluster): typeof Redis.Service {
  /** The reply to a command, or what is to be done where there is none: one wait, and no other step, for every command. */
  const ask = <E>(command: () => Promise<unknown>, refused: (reason: string) => Effect.Effect<unknown, E>) =>
    Effect.async<unknown, E>((resume) => {
      // There is none before the first connection.
      const stream: Writable | undefined = "stream" in client ? client.stream : undefined
      if (stream !== undefined) Gathered.untilTheTurnEnds(stream)
      void command().then(
        (reply) => resume(Exit.succeed(reply)),
        (error: unknown) => resume(refused(RedisClient.describe(error)))
      )
    })

  return Redis.of({
    run: ({ lua, name, sha1 }, keys, args = []) =>
      RedisSpan.around(name)(
        ask(
          () => client.evalsha(sha1, keys.length, ...keys, ...args),
          (reason) =>
            reason === "NOSCRIPT"
              ? ask(() => client.eval(lua, keys.length, ...keys, ...args), unavailable)
              : unavailable(reason)
        )
      ),
    ping: Effect.asVoid(ask(() => client.ping(), unavailable))
  })
}

const unavailable = (reason: string) =>
  Effect.zipRight(Effect.logWarning(`no answer from Redis: ${reason}`), new RedisUnavailable())
