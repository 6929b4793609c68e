import { Clock, Context, Duration, Effect, Layer, Option, Schema } from "effect"

/** The store does not answer. Whether it did what it was asked is unknown. */
export class OutcomesUnavailable extends Schema.TaggedError<OutcomesUnavailable>()("OutcomesUnavailable", {}) {}

/**
 * Short texts by key, shared by every replica of a service and forgotten when their time is over: what the service did
 * under which key. Each operation is atomic and ends in bounded time; the store's own clock says when time is over.
 */
export class Outcomes extends Context.Tag("@retro/outcomes/Outcomes")<
  Outcomes,
  {
    readonly find: (key: string) => Effect.Effect<Option.Option<string>, OutcomesUnavailable>
    /** Stores the text unless the key has one; answers what is stored afterwards. */
    readonly putIfAbsent: (
      key: string,
      text: string,
      timeToLive: Duration.Duration
    ) => Effect.Effect<string, OutcomesUnavailable>
    /** Stores the text where `expected` stands, for the time that was left to it; otherwise changes nothing. */
    readonly replace: (key: string, expected: string, text: string) => Effect.Effect<boolean, OutcomesUnavailable>
    /** Forgets the key where `expected` stands; otherwise changes nothing. */
    readonly remove: (key: string, expected: string) => Effect.Effect<boolean, OutcomesUnavailable>
  }
>() {}

/** How long an outcome answers for its key. */
export const retention = Duration.days(90)

/** In this process's memory: gone when it ends. */
export const layerMemory = Layer.sync(Outcomes, () => {
  const entries = new Map<string, Entry>()
  let sweptAt = 0
  const sweep = (now: number) => {
    if (now - sweptAt < sweepEveryMillis) return
    sweptAt = now
    for (const [key, entry] of entries) if (entry.goneAt <= now) entries.delete(key)
  }
  const present = (key: string, now: number) => {
    const entry = entries.get(key)
    return entry !== undefined && entry.goneAt > now ? entry : undefined
  }
  const swap = (key: string, expected: string, text: string | undefined) => (now: number) => {
    const entry = present(key, now)
    if (entry?.text !== expected) return false
    if (text === undefined) entries.delete(key)
    else entry.text = text
    return true
  }
  return Outcomes.of({
    find: (key) => Effect.map(Clock.currentTimeMillis, (now) => Option.fromNullable(present(key, now)?.text)),
    putIfAbsent: (key, text, timeToLive) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        sweep(now)
        const stored = present(key, now) ?? { text, goneAt: now + Duration.toMillis(timeToLive) }
        entries.set(key, stored)
        return stored.text
      }),
    replace: (key, expected, text) => Effect.map(Clock.currentTimeMillis, swap(key, expected, text)),
    remove: (key, expected) => Effect.map(Clock.currentTimeMillis, swap(key, expected, undefined))
  })
})

interface Entry {
  text: string
  readonly goneAt: number
}

const sweepEveryMillis = 60_000
