import { Effect } from "effect"
import * as Eager from "./Eager.ts"

/**
 * Two independent readings at the same time, for every page: the first in a fiber of its own, which costs a fraction of
 * `Effect.all` with concurrency. When the second fails, the first is not waited for.
 */
export const both = <A, E, R, B, E2, R2>(
  first: Effect.Effect<A, E, R>,
  second: Effect.Effect<B, E2, R2>
): Effect.Effect<readonly [A, B], E | E2, R | R2> =>
  Eager.beside(first, (result, isThere) =>
    isThere
      ? Effect.flatMap(result, (a) => Effect.map(second, (b) => [a, b] as const))
      : Effect.flatMap(second, (b) => Effect.map(result, (a) => [a, b] as const))
  )
