import * as Counter from "@retro/telemetry/Counter"
import { ATTR_ERROR_TYPE } from "@opentelemetry/semantic-conventions"
import { Duration, Effect, type Scope } from "effect"
import type { Batching } from "./TelemetryConfig.ts"

/** What is gathered: how the counters call it. */
export type Kind = "span" | "log"

/**
 * Gathers what is put in, and sends it in batches: when there is one, or after a while. Putting in neither waits nor
 * fails: while more waits than may, what comes is dropped and counted. When the scope closes what waits is sent,
 * which takes two seconds at most.
 */
export const make = <A>(
  kind: Kind,
  { delay, maxBatch, maxQueue }: Batching,
  send: (batch: ReadonlyArray<A>) => Effect.Effect<void>
): Effect.Effect<(item: A) => void, never, Scope.Scope> =>
  Effect.gen(function* () {
    const processed = Counter.make(`otel.sdk.processor.${kind}.processed`, `Telemetry that was queued or dropped.`)
    const [queued, dropped] = [processed({}), processed({ [ATTR_ERROR_TYPE]: "queue_full" })]
    const full = yield* Effect.makeLatch(false)
    let queue: Array<A> = []

    const sendAll: Effect.Effect<void> = Effect.suspend(() => {
      if (queue.length === 0) return Effect.void
      const batch = queue.slice(0, maxBatch)
      const taken = Effect.sync(() => (queue = queue.slice(batch.length)))
      return send(batch).pipe(Effect.zipRight(taken), Effect.zipRight(sendAll))
    })
    const round = full.await.pipe(Effect.timeoutOption(delay), Effect.zipRight(full.close), Effect.zipRight(sendAll))
    yield* Effect.addFinalizer(() => atFarewell(sendAll))
    yield* Effect.forkScoped(Effect.forever(round))

    return (item) => {
      if (queue.length >= maxQueue) return dropped()
      queue.push(item)
      queued()
      if (queue.length === maxBatch) full.unsafeOpen()
    }
  })

/** The last that is done: what closes a scope cannot be interrupted unless it says so. */
export const atFarewell = (send: Effect.Effect<void>): Effect.Effect<void> =>
  Effect.ignore(Effect.timeout(Effect.interruptible(send), farewell))

/** How long a process that stops waits for whoever receives its telemetry. */
const farewell = Duration.seconds(2)
