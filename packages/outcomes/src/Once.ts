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

    /** Uses the key alone, or finds it in use. From taking the key to writing its verdict only `restore` can be interrupted. */
    const alone = <B, E2, R>(key: IdempotencyKey, use: (owner: string, restore: Restore) => Effect.Effect<B, E2, R>) =>
      Effect.uninterruptibleMask(
        Effect.fnUntraced(function* (restore: Restore) {
          const [holder, owner] = [`${nameOf(key)}:lease`, randomUUID()]
          const holds = yield* Entries.answered(outcomes.putIfAbsent(holder, owner, lease))
          if (holds !== owner) return Option.none<B>()
          const release = Effect.ignoreLogged(outcomes.remove(holder, owner))
          return Option.some(yield* Effect.ensuring(use(owner, restore), release))
        })
      )

    const conclude = Effect.fnUntraced(function* (
      key: IdempotencyKey,
      input: string,
      begun: Entries.Stored<A, E>,
      result: Either.Either<A, E>
    ) {
      if (yield* entries.replace(nameOf(key), begun, { _tag: "Decided", input, result })) return yield* result
      // Somebody who thought this attempt dead was faster: theirs is the verdict, and what was done here in vain is taken back.
      const stands = Option.flatMap(yield* entries.find(nameOf(key)), ({ entry }) => verdictFor(entry, input))
      if (Option.isNone(stands)) return yield* silence("UNAVAILABLE")
      if (Either.isRight(result) && Either.isLeft(stands.value)) yield* revert(key, Option.some(result.right))
      return yield* stands.value
    })

    const attempt = <E2, R>(key: IdempotencyKey, input: string, effect: Effect.Effect<A, E2, R>) =>
      alone(
        key,
        Effect.fnUntraced(function* (owner, restore) {
          const stored = yield* entries.putIfAbsent(nameOf(key), { _tag: "Begun", input, attempt: owner })
          const known = verdictFor(stored.entry, input)
          if (Option.isSome(known)) return yield* known.value
          const result = yield* Effect.either(restore(within(effect, deed.patience ?? patience)))
          if (Either.isRight(result)) return yield* conclude(key, input, stored, Either.right(result.right))
          const failure = result.left
          if (!isVerdict(failure)) return yield* Effect.fail(failure)
          // An earlier attempt may have succeeded unheard: no failure is final before that is taken back.
          if (stored.entry._tag === "Begun" && stored.entry.attempt !== owner) yield* revert(key, Option.none())
          return yield* conclude(key, input, stored, Either.left(failure))
        })
      )

    const overrule: (key: IdempotencyKey, failure: E) => Effect.Effect<boolean, CallFailed> = Effect.fnUntraced(
      function* (key, failure) {
        const stored = yield* entries.putIfAbsent(nameOf(key), { _tag: "Revoked", failure, undone: false })
        if (stored.entry._tag === "Revoked") return stored.entry.undone
        if (stored.entry._tag === "Decided" && Either.isLeft(stored.entry.result)) return false
        const done = stored.entry._tag === "Decided" ? Either.getRight(stored.entry.result) : Option.none()
        const undone = yield* revert(key, done)
        const written = yield* entries.replace(nameOf(key), stored, { _tag: "Revoked", failure, undone })
        return written ? undone : yield* overrule(key, failure)
      }
    )

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
      run: ({ effect, input, key }) => {
        const print = Entries.fingerprint(key, input)
        const known = Effect.map(
          entries.find(nameOf(key)),
          Option.flatMap(({ entry }) => verdictFor(entry, print))
        )
        return eventually(
          Effect.flatMap(
            known,
            Option.match({
              onNone: () => attempt(key, print, effect),
              onSome: Effect.asSome
            })
          )
        )
      },
      find,
      revoke: (key, failure) => eventually(alone(key, () => overrule(key, failure)))
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
