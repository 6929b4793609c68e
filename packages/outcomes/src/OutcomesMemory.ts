import * as AppendLog from "@retro/appendlog/AppendLog"
import { Clock, Duration, Effect, Layer, Option, Schema } from "effect"
import { type Claim, Outcomes, OutcomesUnavailable } from "./Outcomes.ts"

/** In this process's memory: gone when it ends. */
export const layerMemory: Layer.Layer<Outcomes> = Layer.sync(Outcomes, () => make(new Map(), AppendLog.none))

/** What happens to a key; times are in Unix milliseconds. */
export const Event = Schema.Union(
  Schema.TaggedStruct("Put", { key: Schema.String, text: Schema.String, goneAt: Schema.Number }),
  Schema.TaggedStruct("Removed", { key: Schema.String })
)
export type Event = typeof Event.Type

/** What stands under which key, and until when. */
export type Entries = Map<string, { readonly text: string; readonly goneAt: number }>

/** Lets an event happen. */
export const apply = (entries: Entries, event: Event): void => {
  if (event._tag === "Put") entries.set(event.key, { text: event.text, goneAt: event.goneAt })
  else entries.delete(event.key)
}

/** Forgets what has had its time. */
export const sweep = (entries: Entries, now: number): void => {
  for (const [key, { goneAt }] of entries) if (goneAt <= now) entries.delete(key)
}

/** The store over these entries. What happens to them goes to the log, and nobody is answered before it is saved. */
export const make = (entries: Entries, log: AppendLog.AppendLog<Event>): typeof Outcomes.Service => {
  const saved = Effect.mapError(log.saved, () => new OutcomesUnavailable())
  const atomically = <A>(use: (now: number) => A) =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => Effect.as(saved, use(now)))
  const happen = (event: Event) => {
    apply(entries, event)
    log.add(event)
  }
  let sweptAt = 0
  const sweepNowAndThen = (now: number) => {
    if (now - sweptAt < sweepEveryMillis) return
    sweptAt = now
    sweep(entries, now)
  }
  const present = (key: string, now: number) => {
    const entry = entries.get(key)
    return entry !== undefined && entry.goneAt > now ? entry : undefined
  }
  const swap = (key: string, expected: string, event: (goneAt: number) => Event) =>
    atomically((now) => {
      const entry = present(key, now)
      if (entry?.text !== expected) return false
      happen(event(entry.goneAt))
      return true
    })

  const put = (key: string, text: string, goneAt: number) => happen({ _tag: "Put", key, text, goneAt })
  const giveUp = (key: string, owner: string, now: number) => {
    if (present(leaseOf(key), now)?.text === owner) happen({ _tag: "Removed", key: leaseOf(key) })
  }

  return Outcomes.of({
    find: (key) => atomically((now) => Option.fromNullable(present(key, now)?.text)),
    putIfAbsent: (key, text, timeToLive) =>
      atomically((now) => {
        sweepNowAndThen(now)
        const stored = present(key, now)
        if (stored !== undefined) return stored.text
        put(key, text, now + Duration.toMillis(timeToLive))
        return text
      }),
    replace: (key, expected, text) => swap(key, expected, (goneAt) => ({ _tag: "Put", key, text, goneAt })),
    remove: (key, expected) => swap(key, expected, () => ({ _tag: "Removed", key })),
    claim: (key, { lease, open, owner, text, timeToLive }) =>
      atomically((now): Claim => {
        sweepNowAndThen(now)
        const stored = present(key, now)
        if (stored !== undefined && !stored.text.startsWith(open)) return { _tag: "Final", text: stored.text }
        if (present(leaseOf(key), now) !== undefined) return { _tag: "Held" }
        put(leaseOf(key), owner, now + Duration.toMillis(lease))
        if (stored === undefined) put(key, text, now + Duration.toMillis(timeToLive))
        return { _tag: "Mine", text: stored?.text ?? text }
      }),
    settle: (key, owner, expected, text) =>
      atomically((now) => {
        const stored = present(key, now)
        const stands = stored?.text === expected
        if (stands) put(key, text, stored.goneAt)
        giveUp(key, owner, now)
        return stands
      }),
    release: (key, owner) => atomically((now) => giveUp(key, owner, now))
  })
}

const leaseOf = (key: string): string => `${key}:lease`

const sweepEveryMillis = 60_000
