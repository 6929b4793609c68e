import { CallFailed } from "@retro/contract/Contract"
import { IdempotencyKeyReused } from "@retro/contract/IdempotencyKeyReused"
import { type Code, codes } from "@retro/contract/Status"
import { IdempotencyKey } from "@retro/domain/Ids"
import { Duration, Effect, Either, Option, Schema } from "effect"
import { randomUUID } from "node:crypto"
import * as Entries from "./Entries.ts"
import { Outcomes } from "./Outcomes.ts"

/** Something that is done at most once per key, and whose verdict is remembered for 90 days. */
export interface Once<A, E> {
  /**
   * Does `effect` unless the key has a verdict already; then answers that, whatever the effect would say now. Concurrent
   * calls with one key do it once.
   *
   * A success and the failures of the schema are verdicts. An interruption, a defect and any other failure are none:
   * nothing is remembered and the next call asks again. Silence for longer than the deed's patience is `CallFailed`.
   * Fails with `IdempotencyKeyReused` where the key stands for another `input`.
   */
  readonly run: <E2, R>(request: {
    readonly key: IdempotencyKey
    /** What makes two requests the same. Only a keyed hash of it is stored. */
    readonly input: string
    readonly effect: Effect.Effect<A, E2, R>
  }) => Effect.Effect<A, E | E2 | IdempotencyKeyReused | CallFailed, R>

  /** The verdict under a key, if there is one. `CallFailed` where it was begun and nobody knows yet how it ends. */
  readonly find: (key: IdempotencyKey) => Effect.Effect<Option.Option<Either.Either<A, E>>, CallFailed>

  /**
   * Makes sure that the key has no success: reverts what was done, and refuses it from now on with this failure. Answers
   * whether there was anything to revert, and the same when asked again.
   */
  readonly revoke: (key: IdempotencyKey, failure: E) => Effect.Effect<boolean, CallFailed>
}

/** How long an attempt may take before its silence is no verdict, unless its deed says otherwise. */
export const patience = Duration.seconds(3)

/** How long a key stays with a process that died: longer than any attempt and its reversal take. */
export const lease = Duration.seconds(15)

/** How often those look who wait for another attempt at their key. */
export const glance = Duration.millis(50)

/** The effect, or no verdict after that time: `CallFailed`. Reaches the effect also where the caller cannot be interrupted. */
export const within = <A, E, R>(effect: Effect.Effect<A, E, R>, duration: Duration.Duration) =>
  Effect.timeoutFail(Effect.interruptible(effect), {
    duration,
    onTimeout: () => silence("DEADLINE_EXCEEDED")
  })

/** Stands in where an old client sends no key: what is done under it is done anew each time. */
export const anyKey: Effect.Effect<IdempotencyKey> = Effect.sync(() => IdempotencyKey.make(randomUUID()))

/** A kind of deed: its space of keys, its verdicts, and how to take it back. */
export interface Deed<A, I, E, EI> {
  readonly space: string
  readonly success: Schema.Schema<A, I>
  /** The failures that are final for their key. */
  readonly failure: Schema.Schema<E, EI>
  /** {@link patience} where absent; at most ten seconds. */
  readonly patience?: Duration.Duration
  /**
   * Takes back what was done under a key: this, or whatever an attempt without a verdict may have done. Answers whether
   * there was anything, and bears being asked twice. Absent where there is nothing to take back.
   */
  readonly revert?: (key: IdempotencyKey, done: Option.Option<A>) => Effect.Effect<boolean, CallFailed>
}

/** Builds the codecs of a deed, once. */
export const make: <A, I, E, EI>(deed: Deed<A, I, E, EI>) => Effect.Effect<Once<A, E>, never, Outcomes> =
  Effect.fnUntraced(function* <A, I, E, EI>(deed: Deed<A, I, E, EI>) {
    const outcomes = yield* Outcomes
    const entries = yield* Entries.make(deed.space, deed.success, deed.failure)
    const isVerdict = (failure: unknown) => Schema.is(deed.failure)(failure)
    const nameOf = (key: IdempotencyKey) => Entries.nameOf(deed.space, key)
    const revert = (key: IdempotencyKey, done: Option.Option<A>) =>
      within(deed.revert?.(key, done) ?? Effect.succeed(false), patience)

    const giveUp = (key: IdempotencyKey, owner: string) =>
      Effect.ignoreLogged(Entries.answered(outcomes.release(nameOf(key), owner)))

    /** Writes a verdict down and gives the key up; answers what stands. */
    const conclude = Effect.fnUntraced(function* (
      key: IdempotencyKey,
      owner: string,
      input: string,
      begun: Entries.Stored<A, E>,
      result: Either.Either<A, E>
    ) {
      if (yield* entries.settle(nameOf(key), owner, begun, { _tag: "Decided", input, result })) return result
      // Somebody who thought this attempt dead was faster: theirs is the verdict, and what was done here in vain is taken back.
      const stands = Option.flatMap(yield* entries.find(nameOf(key)), ({ entry }) => verdictFor(entry, input))
      if (Option.isNone(stands)) return yield* silence("UNAVAILABLE")
      if (Either.isRight(result) && Either.isLeft(stands.value)) yield* revert(key, Option.some(result.right))
      return stands.value
    })

    /** Comes to a verdict with the key alone; only `doing` can be interrupted. */
    const decide = Effect.fnUntraced(function* <E2, R>(
      key: IdempotencyKey,
      owner: string,
      input: string,
      begun: Entries.Stored<A, E>,
      doing: Effect.Effect<A, E2 | CallFailed, R>
    ) {
      const result = yield* Effect.either(doing)
      if (Either.isRight(result)) return yield* conclude(key, owner, input, begun, Either.right(result.right))
      const failure = result.left
      if (!isVerdict(failure)) return yield* Effect.fail(failure)
      // An earlier attempt may have succeeded unheard: no failure is final before that is taken back.
      if (begun.entry._tag === "Begun" && begun.entry.attempt !== owner) yield* revert(key, Option.none())
      return yield* conclude(key, owner, input, begun, Either.left(failure))
    })

    /** Does it, unless there is a verdict; none while another attempt holds the key. */
    const attempt = <E2, R>(key: IdempotencyKey, input: string, effect: Effect.Effect<A, E2, R>) =>
      Effect.uninterruptibleMask(
        Effect.fnUntraced(function* (restore: Restore) {
          const owner = randomUUID()
          const begun = { _tag: "Begun", input, attempt: owner } as const
          const claimed = yield* entries.claim(nameOf(key), owner, lease, begun, "begun")
          if (claimed._tag === "Held") return Option.none<A>()
          const known = verdictFor(claimed.stored.entry, input)
          if (Option.isSome(known)) {
            if (claimed._tag === "Mine") yield* giveUp(key, owner)
            return Option.some(yield* known.value)
          }
          const doing = restore(within(effect, deed.patience ?? patience))
          const verdict = yield* Effect.onError(decide(key, owner, input, claimed.stored, doing), () =>
            giveUp(key, owner)
          )
          return Option.some(yield* verdict)
        })
      )

    /** Revokes the key; none while an attempt holds it. */
    const overrule: (key: IdempotencyKey, failure: E) => Effect.Effect<Option.Option<boolean>, CallFailed> =
      Effect.fnUntraced(function* (key, failure) {
        const owner = randomUUID()
        const revoked = (undone: boolean) => ({ _tag: "Revoked", failure, undone }) as const
        const claimed = yield* entries.claim(nameOf(key), owner, lease, revoked(false), "all")
        if (claimed._tag === "Held") return Option.none()
        const { entry } = claimed.stored
        if (entry._tag === "Revoked" || (entry._tag === "Decided" && Either.isLeft(entry.result))) {
          yield* giveUp(key, owner)
          return Option.some(entry._tag === "Revoked" && entry.undone)
        }
        const done = entry._tag === "Decided" ? Either.getRight(entry.result) : Option.none()
        const settled = Effect.flatMap(revert(key, done), (undone) =>
          Effect.map(entries.settle(nameOf(key), owner, claimed.stored, revoked(undone)), (stands) => ({
            stands,
            undone
          }))
        )
        const { stands, undone } = yield* Effect.onError(settled, () => giveUp(key, owner))
        return stands ? Option.some(undone) : yield* overrule(key, failure)
      }, Effect.uninterruptible)

    const find = Effect.fnUntraced(function* (key: IdempotencyKey) {
      const stored = yield* entries.find(nameOf(key))
      if (Option.isNone(stored)) return Option.none()
      switch (stored.value.entry._tag) {
        case "Begun":
          return yield* silence("UNAVAILABLE")
        case "Decided":
          return Option.some(stored.value.entry.result)
        case "Revoked":
          return Option.some(Either.left(stored.value.entry.failure))
      }
    })

    const once: Once<A, E> = {
      run: ({ effect, input, key }) => eventually(attempt(key, Entries.fingerprint(key, input), effect)),
      find,
      revoke: (key, failure) => eventually(overrule(key, failure))
    }
    return once
  })

type Restore = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

/** What an entry answers to that input; none while it is not decided. */
const verdictFor = <A, E>(
  entry: Entries.Entry<A, E>,
  input: string
): Option.Option<Either.Either<A, E | IdempotencyKeyReused>> => {
  if (entry._tag === "Revoked") return Option.some(Either.left(entry.failure))
  if (entry.input !== input) return Option.some(Either.left(new IdempotencyKeyReused()))
  return entry._tag === "Begun" ? Option.none() : Option.some(entry.result)
}

const silence = (code: Code) => new CallFailed({ path: "", code: codes[code] })

const eventually = <A, E, R>(step: Effect.Effect<Option.Option<A>, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(
    step,
    Option.match({
      onNone: () =>
        Effect.delay(
          Effect.suspend(() => eventually(step)),
          glance
        ),
      onSome: Effect.succeed
    })
  )
