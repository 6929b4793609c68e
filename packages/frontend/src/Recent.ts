import { Clock, Duration, Effect, Fiber, type Scope } from "effect"

/**
 * A reading that is good for a while: what `read` answered last, until it is older than `timeToLive`. Those who ask while
 * it is being read wait for the same answer, and none of them can stop it for the others. A failure is not kept.
 */
export const make = <A, E>(
  read: Effect.Effect<A, E>,
  timeToLive: Duration.DurationInput
): Effect.Effect<Effect.Effect<A, E>, never, Scope.Scope> =>
  Effect.map(Effect.scope, (scope) => {
    let known: { readonly value: A; readonly until: number } | undefined
    let reading: Fiber.Fiber<A, E> | undefined
    const keep = Effect.fnUntraced(function* (value: A) {
      const now = yield* Clock.currentTimeMillis
      known = { value, until: now + Duration.toMillis(timeToLive) }
    })
    const done = Effect.sync(() => {
      reading = undefined
    })
    const begin = Effect.map(Effect.forkIn(Effect.ensuring(Effect.tap(read, keep), done), scope), (fiber) => {
      reading = fiber
      return fiber
    })
    return Effect.flatMap(Clock.currentTimeMillis, (now) => {
      if (known !== undefined && now < known.until) return Effect.succeed(known.value)
      return Effect.flatMap(reading === undefined ? begin : Effect.succeed(reading), Fiber.join)
    })
  })
