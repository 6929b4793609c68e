import * as MessageCodec from "@retro/domain/MessageCodec"
import * as Redis from "@retro/redis/Redis"
import { type ConfigError, Duration, Effect, Either, Layer, Option, Schema } from "effect"
import { hash, randomUUID } from "node:crypto"
import * as Replies from "./JournalReplies.ts"
import * as JournalScripts from "./JournalScripts.ts"
import { JournalStore, JournalUnavailable, shown, type Terms, terms as standard, termsConfig } from "./JournalStore.ts"

/**
 * Journals in Redis: any replica serves any of them. {@link JournalScripts} says how they are kept. Each operation is one
 * round trip; leases and retention are by the clock of Redis.
 *
 * What is promised is what Redis promises. With `appendonly yes` and `appendfsync always` an answered write survives a
 * kill and a power cut; with `everysec` a power cut may take the last second. `maxmemory-policy` has to be `noeviction`.
 * A fail-over to a replica that lags takes the writes it had not received: a lost step is asked again under the key it
 * had, and two owners may work on one journal until the older one's next write. Both are harmless as long as whoever
 * does the step still knows the key: the outcomes of payment, shipping and mail belong in a store that does not lag with
 * this one. An order whose beginning is lost begins again, under the same keys, when the shopper asks again; if they do
 * not, what was charged for it is only known to payment.
 */
export const layerRedis = (terms: Terms = standard): Layer.Layer<JournalStore, never, Redis.Redis> =>
  Layer.effect(
    JournalStore,
    Effect.map(Redis.Redis, (redis) => {
      const [lease, retention] = [Duration.toMillis(terms.lease), Duration.toMillis(terms.retention)]
      const run = <A, I>(reply: Schema.Schema<A, I>) => {
        const decode = MessageCodec.decoder(reply)
        return (script: Redis.Script, keys: ReadonlyArray<string>, args: ReadonlyArray<string | number> = []) =>
          Effect.matchEffect(redis.run(script, keys, args), {
            onFailure: () => new JournalUnavailable(),
            onSuccess: (answer) =>
              Either.match(decode(answer), {
                onLeft: () => Effect.die(new Replies.JournalCorrupt()),
                onRight: Effect.succeed
              })
          })
      }
      const [claim, isTheirs, fields] = [run(Replies.ClaimReply), run(Replies.OwnerReply), run(Replies.Fields)]
      const [ofExpired, ofSet] = [run(Replies.ExpiredReply), run(Replies.SetReply)]
      const everywhere = <A>(ask: (shard: number) => Effect.Effect<ReadonlyArray<A>, JournalUnavailable>) =>
        Effect.map(Effect.forEach(allShards, ask, { concurrency: "unbounded" }), (answers) => answers.flat())
      /** The newest of the journals that a sorted set of each shard names. */
      const listed = Effect.fnUntraced(function* (keyIn: (shard: number) => string, limit: number) {
        const found = yield* everywhere((shard) =>
          ofSet(JournalScripts.list, [prefixOf(shard), unfinishedKey(shard), keyIn(shard)], [limit])
        )
        const entries = yield* Effect.forEach(found, ([id, texts]) => Replies.entryOf(id, texts))
        return entries.sort((a, b) => b.begunAt - a.begunAt).slice(0, limit)
      })

      return JournalStore.of({
        lease: terms.lease,
        claim: Effect.fnUntraced(function* ({ fingerprint, group, id, input, program }) {
          const owner = yield* newOwner
          const keys = [...keysOf(id), groupKey(shardOf(id), group), latestKey(shardOf(id))]
          const args = [id, program, group, fingerprint, input, owner, lease, retention]
          return yield* Replies.claimOf(owner, yield* claim(JournalScripts.claim, keys, args))
        }),
        resume: Effect.fnUntraced(function* (id) {
          const owner = yield* newOwner
          return yield* Replies.claimOf(owner, yield* claim(JournalScripts.resume, keysOf(id), [id, owner, lease]))
        }),
        write: (id, owner, texts) => isTheirs(JournalScripts.write, keysOf(id), [id, owner, ...texts.flat()]),
        finish: (id, owner, texts) => isTheirs(JournalScripts.finish, keysOf(id), [id, owner, ...texts.flat()]),
        renew: (id, owner) => isTheirs(JournalScripts.renew, keysOf(id), [id, owner, lease]),
        release: (id, owner, retryInMillis) =>
          Effect.asVoid(isTheirs(JournalScripts.release, keysOf(id), [id, owner, retryInMillis])),
        park: (id, owner) =>
          Effect.asVoid(isTheirs(JournalScripts.park, [...keysOf(id), parkedKey(shardOf(id))], [id, owner])),
        parked: listed(parkedKey, mostParked),
        unpark: (id) => isTheirs(JournalScripts.unpark, [...keysOf(id), parkedKey(shardOf(id))], [id]),
        expired: everywhere((shard) => ofExpired(JournalScripts.expired, [prefixOf(shard), unfinishedKey(shard)])).pipe(
          Effect.map((found) => found.map(([id, program]) => ({ id, program })))
        ),
        read: Effect.fnUntraced(function* (id) {
          const found = yield* fields(JournalScripts.read, keysOf(id))
          return found.length === 0 ? Option.none() : Option.some(yield* Replies.entryOf(id, found))
        }),
        list: (group, limit) => listed((shard) => groupKey(shard, group), limit),
        latest: listed(latestKey, shown),
        changed: () => Effect.sleep("50 millis")
      })
    })
  )

/** In the Redis at `REDIS_ADDR`, on the terms that `JOURNAL_LEASE` sets. */
export const layerConfig: Layer.Layer<JournalStore, ConfigError.ConfigError> = Layer.unwrapEffect(
  Effect.map(termsConfig, layerRedis)
).pipe(Layer.provide(Redis.layerConfig))

/** More than anybody reads at once. */
const mostParked = 1000

const newOwner = Effect.sync(() => randomUUID())

/** How many shards there are: what is at rest says so, it never changes. */
const shards = 8
const allShards = Array.from({ length: shards }, (_, shard) => shard)

const shardOf = (id: string): number => Number(`0x${hash("sha1", id).slice(0, 2)}`) % shards
const prefixOf = (shard: number): string => `journal:{${shard}}:`
const unfinishedKey = (shard: number): string => `journals:{${shard}}:unfinished`
const parkedKey = (shard: number): string => `journals:{${shard}}:parked`
const latestKey = (shard: number): string => `journals:{${shard}}:latest`
const groupKey = (shard: number, group: string): string => `journals:{${shard}}:group:${group}`

/** The keys of the latest journals: the shard of each is a hash, and each is asked for six times. */
const known = new Map<string, ReadonlyArray<string>>()
const mostKnown = 1000

const keysOf = (id: string): ReadonlyArray<string> => {
  const keys = known.get(id)
  if (keys !== undefined) return keys
  const shard = shardOf(id)
  const fresh = [prefixOf(shard) + id, unfinishedKey(shard)]
  if (known.size >= mostKnown) known.clear()
  known.set(id, fresh)
  return fresh
}
