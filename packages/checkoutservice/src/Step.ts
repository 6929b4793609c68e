import type * as CallContext from "@retro/contract/CallContext"
import type { CallError } from "@retro/contract/Contract"
import { IdempotencyKey } from "@retro/domain/Ids"
import { Clock, Data, Duration, Effect, Either, Schedule, Schema } from "effect"
import type { Mine } from "./Attempts.ts"
import type { JournalStore, JournalUnavailable, Texts } from "./JournalStore.ts"
import * as JournalTrace from "./JournalTrace.ts"
import * as Text from "./Text.ts"

/** A step by its name, with how its outcome is written down. */
export interface Definition<A, E> {
  readonly name: string
  readonly outcome: Text.Text<Either.Either<A, E>>
  readonly isFailure: (error: unknown) => error is E
}

/** Defines a step. Once per program, not per run: its first outcome makes the codec, which takes milliseconds. */
export const define = <A, AI, E, EI>(
  name: string,
  schemas: { readonly success: Schema.Schema<A, AI>; readonly failure: Schema.Schema<E, EI> }
): Definition<A, E> => ({
  name,
  outcome: Text.ofAnswers(schemas),
  isFailure: (error): error is E => Schema.is(schemas.failure)(error)
})

/**
 * What a step does. A typed success or failure is an answer and is written down. Silence is none: the effect is asked
 * again under the same key. When it is given up, which is written down before it is acted on, `abandon` makes sure that
 * nothing was done and says which failure that is; without it the whole program is taken up again later.
 */
export interface Action<A, E> {
  /** `key` is the same however often it is asked. */
  readonly run: (key: IdempotencyKey) => Effect.Effect<A, E | CallError | InVain>
  readonly abandon?: (key: IdempotencyKey) => Effect.Effect<E, CallError>
  /** Takes a success back when the program fails later. It bears being asked twice. */
  readonly undo?: (key: IdempotencyKey) => Effect.Effect<unknown, CallError>
  /** {@link lasting} where absent. */
  readonly patience?: Patience
}

/** How long silence is borne. */
export interface Patience {
  /** What the calls of one attempt may take: the step's own time, whoever waits for the order. */
  readonly attempt: Duration.DurationInput
  /** From the first attempt on; after that there is no other. */
  readonly inAll: Duration.DurationInput
}

/** For what may have been done already: longer than a service that has one replica takes to be started again. */
const lasting: Patience = { attempt: "10 seconds", inAll: "6 seconds" }

/** For what changes nothing: whoever waits may as well ask again, and is told soon. */
export const brief: Patience = { attempt: "2 seconds", inAll: "3 seconds" }

/** Performs a step of the running program, or recalls how it went. */
export type Step = <A, E>(definition: Definition<A, E>, action: Action<A, E>) => Effect.Effect<A, E>

/** No answer for good, and none is to be had by asking on: the step is given up at once. */
export class InVain extends Data.TaggedError("InVain") {}

/** Somebody else owns the journal by now: what this run writes does not count. */
export class LeaseLost extends Data.TaggedError("LeaseLost") {}

/** Neither the step nor what would abandon it got an answer. */
export class Unanswered extends Data.TaggedError("Unanswered")<{ readonly step: string }> {}

/**
 * The steps of one run of a program. The outcome of a step is written before anything else is done: with what comes next,
 * where that is written as well.
 */
export interface Steps {
  readonly step: Step
  /** Writes a text of the run's own under a name of its own. */
  readonly write: (name: string, text: string) => Effect.Effect<void>
  /** Ends the journal: nothing is left to do. */
  readonly finish: Effect.Effect<void, JournalUnavailable>
  /** Undoes the steps that succeeded, the last one first; each undo is a step itself. Answers how many. */
  readonly undoAll: Effect.Effect<number>
}

/**
 * Builds the steps of a run that owns journal `id` and knows what is written in it, and with which input it began. They
 * follow each other; each attempt of one begins a budget.
 */
export const make = (
  store: typeof JournalStore.Service,
  id: string,
  { input, owner, steps: written }: Pick<Mine, "input" | "owner" | "steps">,
  begin: CallContext.Begin
): Steps => {
  const undos: Array<Effect.Effect<void>> = []
  const inSpan = JournalTrace.steps(input)

  /** The outcome of the last step, until it is written. */
  const noted: Array<Texts[number]> = []
  const writeNoted = Effect.suspend(() =>
    // A store that fails ends this run; the next one goes on from what was written.
    Effect.matchEffect(store.write(id, owner, noted.splice(0)), {
      onFailure: Effect.die,
      onSuccess: (counts) => (counts ? Effect.void : Effect.die(new LeaseLost()))
    })
  )
  const write = (name: string, text: string) =>
    Effect.suspend(() => {
      noted.push([name, text])
      return writeNoted
    })

  /** Asks, and asks again while there is silence. Most are answered at once: a schedule is only made where it is needed. */
  const asking = <A, E>(ask: Effect.Effect<A, E>, { attempt, inAll }: Patience): Effect.Effect<A, E> =>
    Effect.flatMap(begin(attempt), (began) =>
      Effect.catchAll(ask, (error) => {
        const once = Effect.zipRight(begin(attempt), ask)
        const isOver = Effect.map(Clock.currentTimeMillis, (now) => now - began >= Duration.toMillis(inAll))
        const until = (error: E) => (error instanceof InVain ? Effect.succeed(true) : isOver)
        return Effect.if(until(error), {
          onTrue: () => Effect.fail(error),
          onFalse: () => Effect.retry(once, { schedule: again, until })
        })
      })
    )

  /** Asks until there is an answer, within reason; gives up by making sure that nothing was done. */
  const perform = <A, E>(
    { isFailure, name }: Definition<A, E>,
    { abandon, patience = lasting, run }: Action<A, E>,
    key: IdempotencyKey
  ): Effect.Effect<Either.Either<A, E>> => {
    const unanswered = () => new Unanswered({ step: name })
    const asked = asking(
      Effect.matchEffect(run(key), {
        onFailure: (error) => (isFailure(error) ? Effect.succeed(Either.left(error)) : Effect.fail(error)),
        onSuccess: (value) => Effect.succeed(Either.right(value))
      }),
      patience
    )
    if (abandon === undefined) return Effect.orDieWith(asked, unanswered)
    const abandoned = Effect.suspend(() => Effect.orDieWith(asking(abandon(key), lasting), unanswered)).pipe(
      Effect.map(Either.left)
    )
    // Written first: an owner who lost the lease must not abandon what the next one achieves, and the next one must go on abandoning.
    const givenUp = `give-up:${name}`
    return written.has(givenUp)
      ? abandoned
      : Effect.catchAll(asked, () => Effect.zipRight(write(givenUp, ""), abandoned))
  }

  const step = Effect.fnUntraced(function* <A, E>(definition: Definition<A, E>, action: Action<A, E>) {
    const { name, outcome } = definition
    const key = IdempotencyKey.make(`${id}:${name}`)
    const known = written.get(name)
    if (known === undefined && noted.length > 0) yield* writeNoted
    const result =
      known === undefined
        ? yield* inSpan(name)(perform(definition, action, key))
        : // This version wrote it.
          yield* Effect.orDie(outcome.read(known))
    if (known === undefined) noted.push([name, yield* outcome.print(result)])
    const { undo } = action
    if (Either.isRight(result) && undo !== undefined) {
      const { isFailure, outcome } = undoing
      const undone = { name: `undo:${name}`, outcome, isFailure }
      undos.push(step(undone, { run: () => Effect.asVoid(undo(key)) }))
    }
    return yield* result
  })

  return {
    step,
    write,
    finish: Effect.suspend(() => Effect.asVoid(store.finish(id, owner, noted.splice(0)))),
    undoAll: Effect.suspend(() => Effect.as(Effect.all(undos.toReversed(), { discard: true }), undos.length))
  }
}

const undoing = define("undo", { success: Schema.Void, failure: Schema.Never })

/** How a silent step is asked again: at once, then ever later, a second apart at most. */
const again = Schedule.exponential("100 millis").pipe(Schedule.union(Schedule.spaced("1 second")), Schedule.jittered)
