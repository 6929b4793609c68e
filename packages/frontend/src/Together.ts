import { Effect, Fiber } from "effect"
import * as Eager from "./Eager.ts"

/**
 * Two independent readings at the same time, for every page: the first in a fiber of its own, which costs a fraction of
 * `Effect.all` with concurrency. When the second fails, the first is not waited for.
 */
export const both = <A, E, R, B, E2, R2>(
  first: Effect.Effect<A, E, R>,
  second: Effect.Effect<B, E2, R2>
): Effect.Effect<readonly [A, B], E | E2, R | R2> =>
  Effect.flatMap(Eager.begin(first), (fiber) => {
    const exit = fiber.unsafePoll()
    if (exit !== null) return Effect.flatMap(exit, (a) => Effect.map(second, (b) => [a, b] as const))
    return second.pipe(
      Effect.flatMap((b) => Effect.map(Effect.flatten(fiber.await), (a) => [a, b] as const)),
      Effect.onError(() => Fiber.interruptFork(fiber))
    )
  })
