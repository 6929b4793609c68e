import { Redis, type Script } from "@retro/redis/Redis"
import { Data, Duration, Effect, Layer, Option, Schema } from "effect"
import { type Claim, Outcomes, OutcomesUnavailable } from "./Outcomes.ts"
import * as OutcomesScripts from "./OutcomesScripts.ts"

/** What Redis holds is no outcome: a defect, since only {@link OutcomesScripts} write there. Holds no value. */
export class OutcomeCorrupt extends Data.TaggedError("OutcomeCorrupt") {}

/**
 * Outcomes in Redis, shared by every replica; {@link OutcomesScripts} says how they are kept.
 *
 * What is promised is what Redis promises. With `appendonly yes` and `appendfsync always` what was answered survives a
 * kill and a power cut. A fail-over to a replica that lags forgets the latest outcomes: what is asked again then is done
 * again, unless whoever is behind the service (the issuer, the carrier) knows the key.
 */
export const layerRedis: Layer.Layer<Outcomes, never, Redis> = Layer.effect(
  Outcomes,
  Effect.map(Redis, (redis) => {
    const run = <A, I>(reply: Schema.Schema<A, I>) => {
      const decode = Schema.decodeUnknown(reply)
      return (script: Script, key: string, ...args: ReadonlyArray<string | number>) =>
        redis.run(script, [`outcome:${key}`, `{outcome:${key}}:lease`], args).pipe(
          Effect.mapError(() => new OutcomesUnavailable()),
          Effect.flatMap((answer) => Effect.orDieWith(decode(answer), () => new OutcomeCorrupt()))
        )
    }
    const [found, text] = [run(Schema.NullOr(Schema.String)), run(Schema.String)]
    const [isDone, claimed] = [run(DoneReply), run(ClaimReply)]
    return Outcomes.of({
      find: (key) => Effect.map(found(OutcomesScripts.find, key), Option.fromNullable),
      putIfAbsent: (key, value, timeToLive) => text(OutcomesScripts.putIfAbsent, key, value, millis(timeToLive)),
      replace: (key, expected, value) => isDone(OutcomesScripts.replace, key, expected, value),
      remove: (key, expected) => isDone(OutcomesScripts.remove, key, expected),
      claim: (key, { lease, open, owner, text, timeToLive }) =>
        Effect.map(
          claimed(OutcomesScripts.claim, key, open, owner, millis(lease), text, millis(timeToLive)),
          ([_tag, text]): Claim => (_tag === "Held" ? { _tag } : { _tag, text })
        ),
      settle: (key, owner, expected, text) => isDone(OutcomesScripts.settle, key, owner, expected, text),
      release: (key, owner) => Effect.asVoid(isDone(OutcomesScripts.release, key, owner))
    })
  })
)

const millis = (time: Duration.Duration): number => Math.ceil(Duration.toMillis(time))

const ClaimReply = Schema.Tuple(Schema.Literal("Mine", "Final", "Held"), Schema.String)

const DoneReply = Schema.transformLiterals([1, true], [0, false])
