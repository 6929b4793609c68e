import * as CallContext from "@retro/contract/CallContext"
import { Deferred, Effect, Either, Exit, FiberId, FiberSet } from "effect"
import * as Attempts from "./Attempts.ts"
import type * as JournalMetrics from "./JournalMetrics.ts"
import { answerStep, JournalStore } from "./JournalStore.ts"
import * as JournalTrace from "./JournalTrace.ts"
import * as Leases from "./Leases.ts"
import { type Definition, type StillRunning, stillRunning } from "./Program.ts"
import * as Step from "./Step.ts"
import type { Text } from "./Text.ts"

/** How a program is called and counted, and how its texts are written down. */
interface Known<I, A, E> {
  readonly label: string
  readonly counted: JournalMetrics.Counted
  readonly input: Text<I>
  readonly answer: Text<Answer<A, E>>
}

type Answer<A, E> = Either.Either<A, E>

/** Where whoever asked hears of a run. */
export interface Run<A, E> {
  /** The answer, or that there is none yet. */
  readonly answered: Deferred.Deferred<Answer<A, E>, StillRunning>
  /** That nothing of it goes on here. */
  readonly ended: Deferred.Deferred<void>
}

/**
 * Builds what works on the journals of a program, each in a fiber of its own, which outlives whoever asked and carries on
 * the trace. The runs belong to the scope.
 */
export const make = <I, A, E>(
  definition: Pick<Definition<I, unknown, A, unknown, E, unknown>, "body" | "afterwards">,
  { answer, counted, input, label }: Known<I, A, E>
) =>
  Effect.gen(function* () {
    const store = yield* JournalStore
    const runs = yield* FiberSet.make()
    const leases = yield* Leases.make(store)

    /** Leads to the answer, which is written before anybody hears it. */
    const conclude = Effect.fnUntraced(function* (id: string, value: I, steps: Step.Steps) {
      const result = yield* Effect.either(definition.body(id, value, steps.step))
      if (Either.isLeft(result) && (yield* steps.undoAll) > 0) {
        yield* Effect.logInfo(`journal ${id}: compensated`)
        yield* counted.compensated
      }
      yield* counted.concluded(result)
      yield* steps.write(answerStep, yield* answer.print(result))
      return result
    })

    /** Leads to the answer and to what follows from it, from wherever the last attempt ended. */
    const work = Effect.fnUntraced(function* (
      id: string,
      mine: Attempts.Mine,
      inputOf: Effect.Effect<I>,
      answered: Run<A, E>["answered"],
      begin: CallContext.Begin
    ) {
      const steps = Step.make(store, id, mine, begin)
      const value = yield* inputOf
      const known = mine.steps.get(answerStep)
      const result = known === undefined ? yield* conclude(id, value, steps) : yield* Effect.orDie(answer.read(known))
      yield* Deferred.succeed(answered, result)
      if (Either.isRight(result)) yield* definition.afterwards(id, value, result.right, steps.step)
      yield* steps.finish
    })

    /** Begins a run of a journal that is ours, from wherever the last one ended. */
    const start = Effect.fnUntraced(function* (
      id: string,
      mine: Attempts.Mine,
      inputOf: Effect.Effect<I> = Effect.orDie(input.read(mine.input))
    ) {
      if (mine.attempts > 1) {
        yield* Effect.logInfo(`journal ${id}: taken up again, attempt ${mine.attempts}`)
        yield* counted.recovered
      }
      counted.inFlight(1)
      const answered = Deferred.unsafeMake<Answer<A, E>, StillRunning>(FiberId.none)
      const fiber = yield* FiberSet.run(
        runs,
        CallContext.withOwnBudgets((begin) => work(id, mine, inputOf, answered, begin)).pipe(
          leases.during(id, mine.owner),
          Effect.onExit((exit) =>
            Exit.isSuccess(exit) ? Effect.void : Attempts.giveBack(store, id, mine, exit.cause, counted)
          ),
          JournalTrace.run({ program: label, id, attempt: mine.attempts, input: mine.input }),
          Effect.ignore
        )
      )
      const ended = Deferred.unsafeMake<void>(FiberId.none)
      // Also where the scope is closed and the fiber never began.
      fiber.addObserver(() => {
        counted.inFlight(-1)
        Deferred.unsafeDone(answered, stillRunning)
        Deferred.unsafeDone(ended, Exit.void)
      })
      const run: Run<A, E> = { answered, ended }
      return run
    })

    return start
  })
