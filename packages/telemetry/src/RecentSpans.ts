import { Context, Effect, Layer } from "effect"
import type { EndedSpan, Exporter } from "./EndedSpan.ts"
import * as SpanText from "./SpanText.ts"

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

/** Bytes for a span; the few that need more, such as those with a stack trace, are kept beside the others. */
const slot = 1024

/** The same without a layer. Spans are kept as bytes: objects that live for so long V8 would look through again and again. */
export const make = (capacity: number): typeof RecentSpans.Service => {
  const slots = Buffer.alloc(capacity * slot)
  const lengths = new Uint16Array(capacity)
  const long = new Map<number, string>()
  let [next, count] = [0, 0]
  const at = (place: number) =>
    SpanText.read(long.get(place) ?? slots.toString("utf8", place * slot, place * slot + (lengths[place] ?? 0)))
  return {
    capacity,
    all: Effect.sync(() =>
      Array.from({ length: count }, (_, index) => at((next - count + index + capacity) % capacity))
    ),
    add: (span) => {
      const text = SpanText.of(span)
      const length = Buffer.byteLength(text)
      if (length > slot) long.set(next, text)
      else {
        long.delete(next)
        lengths[next] = slots.write(text, next * slot)
      }
      next = (next + 1) % capacity
      count = Math.min(count + 1, capacity)
    }
  }
}
