import { Context, Duration, type Effect, type Option, Schema } from "effect"

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
