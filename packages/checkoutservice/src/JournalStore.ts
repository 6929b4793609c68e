import { Config, Context, Data, Duration, type Effect, type Option, Schema } from "effect"

/** How long things last in a store. */
export interface Terms {
  /** How long an owner may be silent before another takes over; owners renew at a third of it. */
  readonly lease: Duration.Duration
  /** How long a journal is kept after it was begun. */
  readonly retention: Duration.Duration
}

/** The terms of the shop. */
export const terms: Terms = { lease: Duration.seconds(12), retention: Duration.days(90) }

/**
 * The same with the lease in `JOURNAL_LEASE` ("12 seconds"). A longer one bears longer pauses of its owner; with a shorter
 * one others take over sooner from an owner that was killed. Replicas agree on it.
 */
export const termsConfig: Config.Config<Terms> = Config.duration("JOURNAL_LEASE").pipe(
  Config.validate({
    message: "expected a second or more",
    validation: (lease) => Duration.greaterThanOrEqualTo(lease, "1 second")
  }),
  Config.withDefault(terms.lease),
  Config.map((lease) => ({ ...terms, lease }))
)

/** What a replica learns when it asks for a journal. */
export type Claim = Data.TaggedEnum<{
  /** It has its answer: replay it. */
  Done: { readonly answer: string }
  /** It is yours until the lease runs out: go on after these steps. */
  Mine: {
    readonly owner: string
    readonly input: string
    readonly steps: ReadonlyMap<string, string>
    readonly attempts: number
  }
  /** Another owner holds the lease, or it belongs to another version of the program: theirs to end. */
  Busy: {}
  /** The id stands for another input. */
  Reused: {}
}>

/** Builds and matches claims. */
export const Claim = Data.taggedEnum<Claim>()

/** What is written of a journal, for those who only read. */
export interface Entry {
  readonly id: string
  readonly program: string
  readonly group: string
  readonly fingerprint: string
  readonly input: string
  readonly steps: ReadonlyMap<string, string>
  /** Given up after repeated defects: an operator looks at it. */
  readonly parked: boolean
  /** Nothing is left to do. */
  readonly finished: boolean
  /** Until when it is its owner's, in milliseconds of the Unix epoch; undefined where nobody owns it. */
  readonly leasedUntil: number | undefined
  /** How often it was taken since it was begun, or since an operator put it back. */
  readonly attempts: number
  /** When it was begun, in milliseconds of the Unix epoch. */
  readonly begunAt: number
}

/** The step that holds what the program answered. Work may go on after it; nobody runs the program again. */
export const answerStep = "answer"

/** Steps by their names, each with what it wrote. */
export type Texts = ReadonlyArray<readonly [step: string, text: string]>

/** What begins a journal. All texts are opaque to the store. */
export interface Beginning {
  readonly id: string
  /** Name and version of the program that writes it. */
  readonly program: string
  readonly input: string
  /** What makes two inputs the same. */
  readonly fingerprint: string
  /** Whose it is: {@link JournalStore} lists by it. */
  readonly group: string
}

/** How many of the latest journals are shown to operators. */
export const shown = 50

/** The store does not answer. */
export class JournalUnavailable extends Schema.TaggedError<JournalUnavailable>()("JournalUnavailable", {}) {}

/**
 * Where journals are kept. A journal belongs to the owner of its lease; what an owner writes after losing it is fenced
 * off. `false` says so.
 */
export class JournalStore extends Context.Tag("@retro/checkoutservice/JournalStore")<
  JournalStore,
  {
    readonly lease: Terms["lease"]
    /** Begins a journal, or takes over one of the same program and version whose lease is over. */
    readonly claim: (beginning: Beginning) => Effect.Effect<Claim, JournalUnavailable>
    /** Takes over an unfinished journal, answered or not, if its lease is over. */
    readonly resume: (id: string) => Effect.Effect<Claim, JournalUnavailable>
    readonly write: (id: string, owner: string, texts: Texts) => Effect.Effect<boolean, JournalUnavailable>
    /** Writes the last of them: nothing is left to do. */
    readonly finish: (id: string, owner: string, texts: Texts) => Effect.Effect<boolean, JournalUnavailable>
    readonly renew: (id: string, owner: string) => Effect.Effect<boolean, JournalUnavailable>
    /** Gives the lease back; nobody claims the journal for that many milliseconds. */
    readonly release: (id: string, owner: string, retryInMillis: number) => Effect.Effect<void, JournalUnavailable>
    /** Takes the journal out of everybody's hands until an operator puts it back. */
    readonly park: (id: string, owner: string) => Effect.Effect<void, JournalUnavailable>
    /** The journals that wait for an operator, the newest first. */
    readonly parked: Effect.Effect<ReadonlyArray<Entry>, JournalUnavailable>
    /** Puts a parked journal back, to be claimed at once, its attempts counted anew. False where it is not parked. */
    readonly unpark: (id: string) => Effect.Effect<boolean, JournalUnavailable>
    /** Unfinished journals that nobody owns now. */
    readonly expired: Effect.Effect<
      ReadonlyArray<{ readonly id: string; readonly program: string }>,
      JournalUnavailable
    >
    readonly read: (id: string) => Effect.Effect<Option.Option<Entry>, JournalUnavailable>
    /** The latest journals of a group, so many at most, the newest first. */
    readonly list: (group: string, limit: number) => Effect.Effect<ReadonlyArray<Entry>, JournalUnavailable>
    /** The latest journals of all groups, {@link shown} at most, the newest first. */
    readonly latest: Effect.Effect<ReadonlyArray<Entry>, JournalUnavailable>
    /** Succeeds when the journal may have changed, or after a short while: a hint to look again. */
    readonly changed: (id: string) => Effect.Effect<void>
  }
>() {}
