import { Clock, Deferred, Duration, Effect, type Scope } from "effect"

/** Waits that do not last for ever. */
export interface Waits {
  /**
   * Awaits what is `late` at that time (milliseconds of the Unix epoch), or up to {@link pause} after it. Who works on it is
   * not interrupted by that.
   */
  readonly until: <A, E>(
    deferred: Deferred.Deferred<A, E>,
    until: number,
    late: Effect.Effect<A, E>
  ) => Effect.Effect<A, E>
}

/** How often it is looked for waits that are over. */
const pause = Duration.millis(250)

/** Builds what ends the waits of one replica: one fiber for all of them, where each of an order's would have two. */
export const make: Effect.Effect<Waits, never, Scope.Scope> = Effect.gen(function* () {
  const waits = new Set<Wait>()
  const over = (wait: Wait) =>
    Effect.zipRight(
      Effect.sync(() => waits.delete(wait)),
      wait.end
    )
  yield* Effect.flatMap(Clock.currentTimeMillis, (now) =>
    Effect.forEach(
      [...waits].filter(({ until }) => until <= now),
      over,
      { discard: true }
    )
  ).pipe(Effect.delay(pause), Effect.forever, Effect.forkScoped)
  return {
    until: (deferred, until, late) =>
      Effect.suspend(() => {
        const wait = { until, end: Deferred.complete(deferred, late) }
        waits.add(wait)
        // One that fails or is interrupted stays until its time, and ends nothing then.
        return Effect.map(Deferred.await(deferred), (result) => {
          waits.delete(wait)
          return result
        })
      })
  }
})

interface Wait {
  /** In milliseconds of the Unix epoch. */
  readonly until: number
  readonly end: Effect.Effect<unknown>
}
