import { Effect, Fiber } from "effect"

/**
 * Two independent readings at the same time, for every page: the first in a fiber of its own, which costs a fraction of
 * `Effect.all` with concurrency. When the second fails, the first is not waited for.
 */
export const both = <A, E, R, B, E2, R2>(
  first: Effect.Effect<A, E, R>,
  second: Effect.Effect<B, E2, R2>
): Effect.Effect<readonly [A, B], E | E2, R | R2> =>
  Effect.flatMap(Effect.fork(first), (fiber) =>
    second.pipe(
      Effect.onError(() => Fiber.interruptFork(fiber)),
      Effect.flatMap((b) => Effect.map(Fiber.join(fiber), (a) => [a, b] as const))
    )
  )
