import { Context, Duration, type Effect, type Option, Schema } from "effect"

/** The store does not answer. Whether it did what it was asked is unknown. */
export class OutcomesUnavailable extends Schema.TaggedError<OutcomesUnavailable>()("OutcomesUnavailable", {}) {}

/** An attempt at a key: who holds it for how long, and what stands there while nobody knows how it ends. */
export interface Attempt {
  /** Another one for each attempt. */
  readonly owner: string
  readonly lease: Duration.Duration
  readonly text: string
  readonly timeToLive: Duration.Duration
  /** How texts begin that may be attempted again; any other is final. All do where it is empty. */
  readonly open: string
}

/** The key is the attempt's alone, and this stands there; or what stands is final; or another attempt holds the key. */
export type Claim =
  | { readonly _tag: "Mine"; readonly text: string }
  | { readonly _tag: "Final"; readonly text: string }
  | { readonly _tag: "Held" }

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
    /** Takes a key for an attempt, unless another holds it, and stores the attempt's text unless the key has one. */
    readonly claim: (key: string, attempt: Attempt) => Effect.Effect<Claim, OutcomesUnavailable>
    /** {@link replace}, and gives the key up; also where nothing was replaced. */
    readonly settle: (
      key: string,
      owner: string,
      expected: string,
      text: string
    ) => Effect.Effect<boolean, OutcomesUnavailable>
    /** Gives a key up that `owner` holds. */
    readonly release: (key: string, owner: string) => Effect.Effect<void, OutcomesUnavailable>
  }
>() {}

/** How long an outcome answers for its key. */
export const retention = Duration.days(90)
