import { CallFailed } from "@retro/contract/Contract"
import { codes } from "@retro/contract/Status"
import * as Json from "@retro/domain/Json"
import * as Lazy from "@retro/domain/Lazy"
import { type Duration, Effect, type Either, Option, Schema } from "effect"
import { createHash, createHmac } from "node:crypto"
import { Outcomes, type OutcomesUnavailable, retention } from "./Outcomes.ts"

/**
 * What is known of a key: *begun* by an attempt whose end nobody knows yet, *decided* for an input, or *revoked* for
 * every input, with whether there was anything to revert.
 */
export type Entry<A, E> =
  | { readonly _tag: "Begun"; readonly input: string; readonly attempt: string }
  | { readonly _tag: "Decided"; readonly input: string; readonly result: Either.Either<A, E> }
  | { readonly _tag: "Revoked"; readonly failure: E; readonly undone: boolean }

/** The entries of one space of keys, as JSON in the store of outcomes. Where the store is silent, so are they: `CallFailed`. */
export interface Entries<A, E> {
  readonly find: (name: string) => Effect.Effect<Option.Option<Stored<A, E>>, CallFailed>
  /** Takes a name for an attempt, and stores this entry unless there is one. Final is what `open` does not name. */
  readonly claim: (
    name: string,
    owner: string,
    lease: Duration.Duration,
    entry: Entry<A, E>,
    open: keyof typeof opens
  ) => Effect.Effect<Claimed<A, E>, CallFailed>
  /** Gives the name up. False where something else stands there by now. */
  readonly settle: (
    name: string,
    owner: string,
    stored: Stored<A, E>,
    entry: Entry<A, E>
  ) => Effect.Effect<boolean, CallFailed>
}

/** The name is the attempt's alone, or its entry is final, or another attempt holds it. */
export type Claimed<A, E> =
  { readonly _tag: "Mine" | "Final"; readonly stored: Stored<A, E> } | { readonly _tag: "Held" }

/** How the texts of entries begin that may be attempted again: of those begun, or of all. */
const opens = { begun: `{"_tag":"Begun"`, all: "" } as const

/** An entry and the text it was read from. */
export interface Stored<A, E> {
  readonly text: string
  readonly entry: Entry<A, E>
}

/** What the store holds is no entry: written by a program that this one cannot read. Holds no value. */
export class UnreadableOutcome extends Schema.TaggedError<UnreadableOutcome>()("UnreadableOutcome", {
  space: Schema.String
}) {}

/** The entries of a space. Its codecs are made once, for the first of them. */
export const make = <A, I, E, EI>(
  space: string,
  success: Schema.Schema<A, I>,
  failure: Schema.Schema<E, EI>
): Effect.Effect<Entries<A, E>, never, Outcomes> =>
  Effect.map(Outcomes, (outcomes) => {
    const schema = Lazy.make(() => Schema.parseJson(codec(success, failure)))
    // Our own programs write what they read; a parse error would carry the values.
    const unreadable = () => new UnreadableOutcome({ space })
    const decode = (text: string) =>
      Schema.decode(schema())(text).pipe(
        Effect.mapBoth({ onSuccess: (entry) => ({ text, entry }), onFailure: unreadable }),
        Effect.orDie
      )
    const encode = (entry: Entry<A, E>) =>
      Schema.encode(schema())(entry).pipe(Effect.mapError(unreadable), Effect.orDie)
    return {
      find: (name) => answered(outcomes.find(name)).pipe(Effect.flatMap(Effect.transposeMapOption(decode))),
      claim: Effect.fnUntraced(function* (name, owner, lease, entry, open) {
        const text = yield* encode(entry)
        const attempt = { owner, lease, text, timeToLive: retention, open: opens[open] }
        const claim = yield* answered(outcomes.claim(name, attempt))
        if (claim._tag === "Held") return claim
        const stored = claim.text === text ? { text, entry } : yield* decode(claim.text)
        return { _tag: claim._tag, stored }
      }),
      settle: (name, owner, { text }, entry) =>
        Effect.flatMap(encode(entry), (next) => answered(outcomes.settle(name, owner, text, next)))
    }
  })

/** Where a key's entry stands. The store learns neither the key nor, from a dump, anything that only its owner knows. */
export const nameOf = (space: string, key: string): string =>
  `${space}:${createHash("sha256").update(key).digest("hex")}`

/** What tells two inputs of one key apart: useless without the key, which the store does not know. */
export const fingerprint = (key: string, input: string): string => createHmac("sha256", key).update(input).digest("hex")

/** The store's silence as a caller of the service sees it: no verdict. */
export const answered = <A>(operation: Effect.Effect<A, OutcomesUnavailable>): Effect.Effect<A, CallFailed> =>
  Effect.mapError(operation, () => new CallFailed({ path: "", code: codes.UNAVAILABLE }))

const codec = <A, I, E, EI>(success: Schema.Schema<A, I>, failure: Schema.Schema<E, EI>) => {
  const refusal = Json.codec(failure)
  return Schema.Union(
    Schema.TaggedStruct("Begun", { input: Schema.String, attempt: Schema.String }),
    Schema.TaggedStruct("Decided", {
      input: Schema.String,
      result: Schema.Either({ left: refusal, right: Json.codec(success) })
    }),
    Schema.TaggedStruct("Revoked", { failure: refusal, undone: Schema.Boolean })
  )
}
