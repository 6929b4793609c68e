import * as Redis from "@retro/redis/Redis"
import { type ConfigError, Data, Duration, Effect, Layer, Option, Schema } from "effect"
import { createHash, randomUUID } from "node:crypto"
import * as JournalScripts from "./JournalScripts.ts"
import {
  Claim,
  type Entry,
  JournalStore,
  JournalUnavailable,
  shown,
  type Terms,
  terms as standard,
  termsConfig
} from "./JournalStore.ts"

/** What Redis holds is no journal: a defect, since only {@link JournalScripts} write there. Holds no value. */
export class JournalCorrupt extends Data.TaggedError("JournalCorrupt") {}

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
        const decode = Schema.decodeUnknown(reply)
        return (script: Redis.Script, keys: ReadonlyArray<string>, args: ReadonlyArray<string | number> = []) =>
          redis.run(script, keys, args).pipe(
            Effect.mapError(() => new JournalUnavailable()),
            Effect.flatMap((answer) => Effect.orDieWith(decode(answer), () => new JournalCorrupt()))
          )
      }
      const [claim, isTheirs, fields] = [run(ClaimReply), run(OwnerReply), run(Fields)]
      const [ofExpired, ofSet] = [run(ExpiredReply), run(SetReply)]
      const everywhere = <A>(ask: (shard: number) => Effect.Effect<ReadonlyArray<A>, JournalUnavailable>) =>
        Effect.map(Effect.forEach(allShards, ask, { concurrency: "unbounded" }), (answers) => answers.flat())
      /** The newest of the journals that a sorted set of each shard names. */
      const listed = Effect.fnUntraced(function* (keyIn: (shard: number) => string, limit: number) {
        const found = yield* everywhere((shard) =>
          ofSet(JournalScripts.list, [prefixOf(shard), unfinishedKey(shard), keyIn(shard)], [limit])
        )
        const entries = yield* Effect.forEach(found, ([id, texts]) => entryOf(id, texts))
        return entries.sort((a, b) => b.begunAt - a.begunAt).slice(0, limit)
      })

      return JournalStore.of({
        lease: terms.lease,
        claim: Effect.fnUntraced(function* ({ fingerprint, group, id, input, program }) {
          const owner = yield* newOwner
          const keys = [...keysOf(id), groupKey(shardOf(id), group), latestKey(shardOf(id))]
          const args = [id, program, group, fingerprint, input, owner, lease, retention]
          return yield* claimOf(owner, yield* claim(JournalScripts.claim, keys, args))
        }),
        resume: Effect.fnUntraced(function* (id) {
          const owner = yield* newOwner
          return yield* claimOf(owner, yield* claim(JournalScripts.resume, keysOf(id), [id, owner, lease]))
        }),
        write: (id, owner, step, text) => isTheirs(JournalScripts.write, keysOf(id), [id, owner, step, text]),
        finish: (id, owner) => isTheirs(JournalScripts.finish, keysOf(id), [id, owner]),
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
          return found.length === 0 ? Option.none() : Option.some(yield* entryOf(id, found))
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

const shardOf = (id: string): number => createHash("sha1").update(id).digest().readUInt8() % shards
const prefixOf = (shard: number): string => `journal:{${shard}}:`
const unfinishedKey = (shard: number): string => `journals:{${shard}}:unfinished`
const parkedKey = (shard: number): string => `journals:{${shard}}:parked`
const latestKey = (shard: number): string => `journals:{${shard}}:latest`
const groupKey = (shard: number, group: string): string => `journals:{${shard}}:group:${group}`
const keysOf = (id: string): ReadonlyArray<string> => [prefixOf(shardOf(id)) + id, unfinishedKey(shardOf(id))]

/** The fields and values of a hash, one after the other. */
const Fields = Schema.Array(Schema.String)

const ClaimReply = Schema.Union(
  Schema.Tuple(Schema.Literal("Done"), Schema.String),
  Schema.Tuple(Schema.Literal("Mine"), Schema.Int, Fields),
  Schema.Tuple(Schema.Literal("Busy")),
  Schema.Tuple(Schema.Literal("Reused"))
)
const OwnerReply = Schema.transformLiterals([1, true], [0, false])
const ExpiredReply = Schema.Array(Schema.Tuple(Schema.String, Schema.String))
const SetReply = Schema.Array(Schema.Tuple(Schema.String, Fields))

const claimOf = Effect.fnUntraced(function* (owner: string, reply: typeof ClaimReply.Type) {
  switch (reply[0]) {
    case "Done":
      return Claim.Done({ answer: reply[1] })
    case "Mine": {
      const { input, steps } = yield* entryOf("", reply[2])
      return Claim.Mine({ owner, input, steps, attempts: reply[1] })
    }
    case "Busy":
      return Claim.Busy()
    case "Reused":
      return Claim.Reused()
  }
})

const decodeJournal = Schema.decodeUnknown(
  Schema.Struct({
    program: Schema.String,
    group: Schema.String,
    fingerprint: Schema.String,
    input: Schema.String,
    begun: Schema.NumberFromString,
    attempts: Schema.NumberFromString,
    owner: Schema.optional(Schema.String),
    until: Schema.NumberFromString,
    parked: Schema.optional(Schema.String),
    finished: Schema.optional(Schema.String)
  })
)

const entryOf = Effect.fnUntraced(function* (id: string, texts: ReadonlyArray<string>) {
  const steps = new Map<string, string>()
  const fields = new Map<string, string>()
  for (let index = 0; index + 1 < texts.length; index += 2) {
    const [field = "", value = ""] = texts.slice(index, index + 2)
    if (field.startsWith("s:")) steps.set(field.slice(2), value)
    else fields.set(field, value)
  }
  const found = yield* Effect.orDieWith(decodeJournal(Object.fromEntries(fields)), () => new JournalCorrupt())
  const { begun: begunAt, finished, owner, parked, until, ...beginning } = found
  const entry: Entry = {
    id,
    ...beginning,
    steps,
    parked: parked !== undefined,
    finished: finished !== undefined,
    leasedUntil: owner === undefined || finished !== undefined ? undefined : until,
    begunAt
  }
  return entry
})
