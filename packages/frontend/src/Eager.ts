import { type Cause, type Duration, Effect, Fiber, Runtime } from "effect"

/**
 * Begins an effect at once, in a fiber of its own, up to where it first waits, and goes on: much of what a page reads is
 * remembered, or in the same process, and is then there. Costs a fraction of `Effect.fork`, which lets the fiber begin
 * later. Where what goes on fails or is interrupted, at whatever moment, the effect is stopped. `goOn` gets its result, and
 * whether that is there already.
 */
export const beside = <A, E, R, B, E2, R2>(
  effect: Effect.Effect<A, E, R>,
  goOn: (result: Effect.Effect<A, E>, isThere: boolean) => Effect.Effect<B, E2, R2>
): Effect.Effect<B, E2, R | R2> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(Effect.runtime<R>(), (runtime) => {
      const fiber = Runtime.runFork(runtime, restore(effect))
      const exit = fiber.unsafePoll()
      if (exit !== null) return restore(goOn(exit, true))
      return Effect.onError(restore(goOn(Effect.flatten(fiber.await), false)), () => Fiber.interruptFork(fiber))
    })
  )

/** `Effect.timeout`, with a timer only for what waits. */
export const timeout =
  (duration: Duration.DurationInput) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | Cause.TimeoutException, R> =>
    beside(effect, (result, isThere): Effect.Effect<A, E | Cause.TimeoutException> =>
      isThere ? result : Effect.timeout(result, duration)
    )
