import { Context, Effect, Layer } from "effect"
import type { EndedSpan, Exporter } from "./EndedSpan.ts"

/** The spans that ended last, in memory: for tests, and for whoever looks at what a shop under development did. */
export class RecentSpans extends Context.Tag("@retro/telemetry/RecentSpans")<
  RecentSpans,
  {
    /** In the order in which they ended. */
    readonly all: Effect.Effect<ReadonlyArray<EndedSpan>>
    readonly add: Exporter
    /** How many there is room for; 0 where nobody looks. */
    readonly capacity: number
  }
>() {}

/** Room for what some hundred requests did. */
export const usual = 5_000

/** Room for so many; the oldest make way. */
export const layer = (capacity: number): Layer.Layer<RecentSpans> => Layer.sync(RecentSpans, () => make(capacity))

/** The same without a layer. */
export const make = (capacity: number): typeof RecentSpans.Service => {
  const ring: Array<EndedSpan> = []
  let next = 0
  return {
    capacity,
    all: Effect.sync(() => [...ring.slice(next), ...ring.slice(0, next)]),
    add: (span) => {
      ring[next] = span
      next = (next + 1) % capacity
    }
  }
}
