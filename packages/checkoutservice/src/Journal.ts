import { IdempotencyKeyReused } from "@retro/contract/IdempotencyKeyReused"
import * as Json from "@retro/domain/Json"
import {
  Array,
  Clock,
  Data,
  Deferred,
  Duration,
  Effect,
  Either,
  Exit,
  Fiber,
  FiberId,
  FiberSet,
  Option,
  type Schema,
  type Scope
} from "effect"
import * as Attempts from "./Attempts.ts"
import { Envelope } from "./Envelope.ts"
import * as JournalMetrics from "./JournalMetrics.ts"
import { answerStep, JournalStore, type JournalUnavailable } from "./JournalStore.ts"
import * as JournalTrace from "./JournalTrace.ts"
import * as Leases from "./Leases.ts"
import * as Step from "./Step.ts"
import * as Text from "./Text.ts"

/** What a program is asked, and what it may answer. */
export interface Messages<I, II, A, AI, E, EI> {
  readonly input: Schema.Schema<I, II>
  readonly success: Schema.Schema<A, AI>
  readonly failure: Schema.Schema<E, EI>
}

/** What a program is: its messages and its steps. */
export interface Definition<I, II, A, AI, E, EI> extends Messages<I, II, A, AI, E, EI> {
  readonly name: string
  /** Grows when the steps change in a way that an older journal does not fit. */
  readonly version: number
  /** Leads to the answer. When it fails, the steps that succeeded are undone in reverse. */
  readonly body: (id: string, input: I, step: Step.Step) => Effect.Effect<A, E>
  /** What follows from a success, whether or not somebody still waits: repeated until it is done. */
  readonly afterwards: (id: string, input: I, answer: A, step: Step.Step) => Effect.Effect<void>
}

/** A program that any replica can run, and that goes on wherever the last one stopped. */
export interface Program<I, A, E> {
  /** Runs the program once per id: the same id again answers what it answered before, or waits for that. */
  readonly run: (request: Request<I>) => Effect.Effect<A, E | IdempotencyKeyReused | StillRunning | JournalUnavailable>
  /** Goes on with the journals that nobody works on. */
  readonly recover: Effect.Effect<void>
  /** What the program answered, as it stands in its journal; none while it goes on. */
  readonly answerIn: AnswerIn<A, E>
}

/** Reads the answer in a journal. One that only another version can read is, here, still to come. */
export type AnswerIn<A, E> = (entry: {
  readonly steps: ReadonlyMap<string, string>
}) => Effect.Effect<Option.Option<Either.Either<A, E>>>

/** What is asked of a program. */
export interface Request<I> {
  readonly id: string
  /** Whose journal it is. */
  readonly group: string
  /** What makes two inputs the same. */
  readonly fingerprint: string
  readonly input: I
}

/** There is no answer yet; the program goes on, here or elsewhere, and its answer will be in the journal. */
export class StillRunning extends Data.TaggedError("StillRunning") {}

/** How long a caller waits for an answer. */
const patience = Duration.seconds(12)

/** How long a caller who has the answer waits for what follows from it. */
const courtesy = Duration.seconds(1)

/** Reads the answers of programs with these messages. */
export const answerIn = <A, AI, E, EI>(
  messages: Pick<Messages<never, never, A, AI, E, EI>, "success" | "failure">
): Effect.Effect<AnswerIn<A, E>, never, Envelope> =>
  Effect.map(Envelope, (envelope) => {
    const { read } = Text.sealed(Text.ofAnswers(messages), envelope)
    return ({ steps }) => Effect.option(Effect.flatMap(Option.fromNullable(steps.get(answerStep)), read))
  })

/** Makes a program of its definition. Its runs belong to the scope: closing it hands them to the next replica. */
export const program = <I, II, A, AI, E, EI>(
  definition: Definition<I, II, A, AI, E, EI>
): Effect.Effect<Program<I, A, E>, never, JournalStore | Envelope | Scope.Scope> =>
  Effect.gen(function* () {
    const store = yield* JournalStore
    const envelope = yield* Envelope
    const runs = yield* FiberSet.make()
    const leases = yield* Leases.make(store)
    const label = `${definition.name}@${definition.version}`
    const counted = JournalMetrics.of(label)
    const input = Text.sealed(
      Text.of(() => Json.codec(definition.input)),
      envelope
    )
    const answer = Text.sealed(Text.ofAnswers(definition), envelope)

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
      answered: Answered<A, E>
    ) {
      const steps = Step.make(store, id, mine.owner, mine.steps, mine.input)
      const value = yield* inputOf
      const known = mine.steps.get(answerStep)
      const result = known === undefined ? yield* conclude(id, value, steps) : yield* Effect.orDie(answer.read(known))
      yield* Deferred.succeed(answered, result)
      if (Either.isRight(result)) yield* definition.afterwards(id, value, result.right, steps.step)
      yield* store.finish(id, mine.owner)
    })

    /** Works on a journal in a fiber of its own, which outlives whoever asked and carries on the trace. */
    const start = Effect.fnUntraced(function* (
      id: string,
      mine: Attempts.Mine,
      inputOf: Effect.Effect<I> = Effect.orDie(input.read(mine.input))
    ) {
      if (mine.attempts > 1) {
        yield* Effect.logInfo(`journal ${id}: taken up again, attempt ${mine.attempts}`)
        yield* counted.recovered
      }
      const answered = yield* Deferred.make<Either.Either<A, E>, StillRunning>()
      const fiber = yield* FiberSet.run(
        runs,
        work(id, mine, inputOf, answered).pipe(
          leases.during(id, mine.owner),
          Effect.onExit((exit) =>
            Exit.isSuccess(exit) ? Effect.void : Attempts.giveBack(store, id, mine, exit.cause, counted)
          ),
          counted.whileInFlight,
          JournalTrace.run({ program: label, id, attempt: mine.attempts, input: mine.input }),
          Effect.ignore
        )
      )
      const ended = yield* Deferred.make<void>()
      // Also where the scope is closed and the fiber never began.
      fiber.addObserver(() => {
        Deferred.unsafeDone(answered, new StillRunning())
        Deferred.unsafeDone(ended, Exit.void)
      })
      return { answered, ended }
    })

    /** Begins the journal, or takes it over, or waits for whoever has it. */
    const attempt: (
      request: Request<I>
    ) => Effect.Effect<Either.Either<A, E>, IdempotencyKeyReused | StillRunning | JournalUnavailable> =
      Effect.fnUntraced(function* ({ fingerprint, group, id, input: value }) {
        const text = yield* input.print(value)
        const until = (yield* Clock.currentTimeMillis) + Duration.toMillis(patience)
        while (true) {
          const claim = yield* store.claim({ id, program: label, input: text, fingerprint, group })
          switch (claim._tag) {
            case "Reused":
              return yield* new IdempotencyKeyReused()
            case "Done":
              yield* JournalTrace.link(claim.answer)
              return yield* Effect.mapError(answer.read(claim.answer), () => new StillRunning())
            case "Mine": {
              // What was written just now need not be opened and read again.
              const inputOf = claim.input === text ? Effect.succeed(value) : undefined
              const { answered, ended } = yield* start(id, claim, inputOf)
              const left = Duration.millis(until - (yield* Clock.currentTimeMillis))
              const result = yield* awaitWithin(answered, left, new StillRunning())
              yield* awaitWithin(ended, courtesy, Exit.void)
              return result
            }
            case "Busy":
              yield* store.changed(id)
              if ((yield* Clock.currentTimeMillis) >= until) return yield* new StillRunning()
          }
        }
      })

    return {
      run: (request) => Effect.flatMap(attempt(request), (result) => result),
      recover: Effect.gen(function* () {
        const [ours, foreign] = Array.partition(yield* store.expired, (journal) => journal.program !== label)
        yield* counted.foreign(foreign.length)
        for (const { id } of ours) {
          const claim = yield* store.resume(id)
          if (claim._tag === "Mine") yield* start(id, claim)
        }
      }).pipe(Effect.ignoreLogged),
      answerIn: yield* answerIn(definition)
    }
  })

/** Awaits what then is `late`. Nothing is interrupted by that, so one timer does and no race is needed. */
const awaitWithin = Effect.fnUntraced(function* <A, E>(
  deferred: Deferred.Deferred<A, E>,
  duration: Duration.Duration,
  late: Effect.Effect<A, E>
) {
  // A child: it ends with whoever waits.
  const timer = yield* Effect.fork(Effect.delay(Deferred.complete(deferred, late), duration))
  const result = yield* Deferred.await(deferred)
  yield* Fiber.interruptAsFork(timer, FiberId.none)
  return result
})

/** Where those who wait hear the answer. */
type Answered<A, E> = Deferred.Deferred<Either.Either<A, E>, StillRunning>
