import { Clock, Duration, Effect, Fiber, Option, type Scope } from "effect"

/** What was read, and when: milliseconds of the Unix epoch. */
export interface Reading<A> {
  readonly value: A
  readonly readAt: number
  /** Whether it should be newer, and nobody answers. */
  readonly isOld: boolean
}

/** How long those who ask for what is old already wait for the new one. */
const patience = "300 millis"

/** How long after a failure, or after patience was lost, nobody waits. */
const pauseMillis = 1000

/**
 * A reading that is good for a while: what `read` answered last, until it is older than `timeToLive`. Those who ask while
 * it is being read wait for the same answer, and none of them can stop it for the others. While it cannot be read again,
 * it is what it was; only the first one can fail, and a failure is not kept.
 */
export const make = <A, E>(
  read: Effect.Effect<A, E>,
  timeToLive: Duration.DurationInput
): Effect.Effect<Effect.Effect<Reading<A>, E>, never, Scope.Scope> =>
  Effect.map(Effect.scope, (scope) => {
    let known: { readonly fresh: Reading<A>; readonly old: Reading<A>; readonly until: number } | undefined
    let reading: Fiber.Fiber<Reading<A>, E> | undefined
    let waitsAgain = 0
    const keep = (value: A) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        const fresh = { value, readAt: now, isOld: false }
        known = { fresh, old: { ...fresh, isOld: true }, until: now + Duration.toMillis(timeToLive) }
        return fresh
      })
    const done = Effect.sync(() => {
      reading = undefined
    })
    const begin = Effect.map(Effect.forkIn(Effect.ensuring(Effect.flatMap(read, keep), done), scope), (fiber) => {
      reading = fiber
      return fiber
    })
    const asked = Effect.suspend(() =>
      Effect.flatMap(reading === undefined ? begin : Effect.succeed(reading), Fiber.join)
    )
    return Effect.flatMap(Clock.currentTimeMillis, (now) => {
      if (known === undefined) return asked
      const { fresh, old, until } = known
      if (now < until) return Effect.succeed(fresh)
      if (now < waitsAgain) return Effect.succeed(old)
      return Effect.flatMap(
        Effect.option(Effect.timeoutFail(asked, { duration: patience, onTimeout: () => "still reading" })),
        Option.match({
          onSome: Effect.succeed,
          onNone: () =>
            Effect.map(Clock.currentTimeMillis, (later) => {
              waitsAgain = later + pauseMillis
              return old
            })
        })
      )
    })
  })
