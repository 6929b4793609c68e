import { type Cause, type Duration, Effect, Fiber, Runtime } from "effect"

/**
 * Begins an effect at once, in a fiber of its own, up to where it first waits: much of what a page reads is remembered, or
 * in the same process, and is then there. Costs a fraction of `Effect.fork`, which lets the fiber begin later. Whoever
 * begins it has to stop it.
 */
export const begin = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<Fiber.RuntimeFiber<A, E>, never, R> =>
  Effect.map(Effect.runtime<R>(), (runtime) => Runtime.runFork(runtime, effect))

/** `Effect.timeout`, with a timer only for what waits. */
export const timeout =
  (duration: Duration.DurationInput) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | Cause.TimeoutException, R> =>
    Effect.flatMap(begin(effect), (fiber) => {
      const exit = fiber.unsafePoll()
      if (exit !== null) return exit
      return Effect.onError(Effect.timeout(Effect.flatten(fiber.await), duration), () => Fiber.interruptFork(fiber))
    })
