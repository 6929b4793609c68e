import { IdempotencyKeyReused } from "@retro/contract/IdempotencyKeyReused"
import * as Trouble from "@retro/contract/Trouble"
import * as Json from "@retro/domain/Json"
import {
  Cause,
  Data,
  Deferred,
  Duration,
  Effect,
  Either,
  Exit,
  Fiber,
  FiberSet,
  Option,
  type Schema,
  type Scope
} from "effect"
import { Envelope } from "./Envelope.ts"
import * as JournalMetrics from "./JournalMetrics.ts"
import { answerStep, type Claim, JournalStore, type JournalUnavailable } from "./JournalStore.ts"
import * as JournalTrace from "./JournalTrace.ts"
import * as Step from "./Step.ts"

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

/** Reads the answer in a journal. */
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

/** How often a journal that ends without an answer is taken up before it is parked. */
export const maxAttempts = 12

/** How long a caller waits for an answer. */
const patience = Duration.seconds(12)

/** How long a caller who has the answer waits for what follows from it. */
const courtesy = Duration.seconds(1)

/** Reads the answers of programs with these messages. */
export const answerIn = <A, AI, E, EI>(
  messages: Pick<Messages<never, never, A, AI, E, EI>, "success" | "failure">
): Effect.Effect<AnswerIn<A, E>, never, Envelope> =>
  Effect.map(Envelope, (envelope) => {
    const { read } = sealed(Step.outcome(messages), envelope)
    return ({ steps }) => Effect.transposeMapOption(Option.fromNullable(steps.get(answerStep)), read)
  })

/** Makes a program of its definition. Its runs belong to the scope: closing it hands them to the next replica. */
export const program = <I, II, A, AI, E, EI>(
  definition: Definition<I, II, A, AI, E, EI>
): Effect.Effect<Program<I, A, E>, never, JournalStore | Envelope | Scope.Scope> =>
  Effect.gen(function* () {
    const store = yield* JournalStore
    const runs = yield* FiberSet.make()
    const label = `${definition.name}@${definition.version}`
    const input = sealed(Step.textOf(Json.codec(definition.input)), yield* Envelope)
    const answer = sealed(Step.outcome(definition), yield* Envelope)

    const conclude = Effect.fnUntraced(function* (id: string, value: I, steps: Step.Steps) {
      const result = yield* Effect.either(definition.body(id, value, steps.step))
      if (Either.isLeft(result) && (yield* steps.undoAll) > 0) {
        yield* Effect.logInfo(`journal ${id}: compensated`)
        yield* JournalMetrics.count(JournalMetrics.compensated, label)
      }
      yield* JournalMetrics.conclude(label, result)
      yield* steps.write(answerStep, yield* answer.print(result))
      return result
    })

    const work = Effect.fnUntraced(function* (
      id: string,
      mine: Mine,
      answered: Deferred.Deferred<Either.Either<A, E>, StillRunning>
    ) {
      const steps = Step.make(store, id, mine.owner, mine.steps, mine.input)
      const value = yield* input.read(mine.input)
      const known = mine.steps.get(answerStep)
      const result = known === undefined ? yield* conclude(id, value, steps) : yield* answer.read(known)
      yield* Deferred.succeed(answered, result)
      if (Either.isRight(result)) yield* definition.afterwards(id, value, result.right, steps.step)
      yield* store.finish(id, mine.owner)
    })

    /** Works on a journal in a fiber of its own, which outlives whoever asked and carries on the trace. */
    const start = Effect.fnUntraced(function* (id: string, mine: Mine) {
      if (mine.attempts > 1) {
        yield* Effect.logInfo(`journal ${id}: taken up again, attempt ${mine.attempts}`)
        yield* JournalMetrics.count(JournalMetrics.recovered, label)
      }
      const answered = yield* Deferred.make<Either.Either<A, E>, StillRunning>()
      const fiber = yield* FiberSet.run(
        runs,
        work(id, mine, answered).pipe(
          Effect.raceFirst(keepLease(store, id, mine.owner)),
          Effect.onExit((exit) => (Exit.isSuccess(exit) ? Effect.void : giveBack(store, id, label, mine, exit.cause))),
          JournalMetrics.whileInFlight(label),
          JournalTrace.run({ program: label, id, attempt: mine.attempts, input: mine.input }),
          Effect.ignore
        )
      )
      // Also where the scope is closed and the fiber never began.
      fiber.addObserver(() => Deferred.unsafeDone(answered, new StillRunning()))
      return { answered, fiber }
    })

    const attempt: (
      request: Request<I>,
      text: string
    ) => Effect.Effect<Either.Either<A, E>, IdempotencyKeyReused | StillRunning | JournalUnavailable> =
      Effect.fnUntraced(function* ({ fingerprint, group, id }, text) {
        while (true) {
          const claim = yield* store.claim({ id, program: label, input: text, fingerprint, group })
          if (claim._tag === "Reused") return yield* new IdempotencyKeyReused()
          if (claim._tag === "Done") {
            yield* JournalTrace.link(claim.answer)
            return yield* answer.read(claim.answer)
          }
          if (claim._tag === "Mine") {
            const { answered, fiber } = yield* start(id, claim)
            const result = yield* Deferred.await(answered)
            yield* Effect.timeoutOption(Fiber.await(fiber), courtesy)
            return result
          }
          yield* store.changed(id)
        }
      })

    return {
      run: (request) =>
        Effect.flatMap(input.print(request.input), (text) => attempt(request, text)).pipe(
          Effect.timeoutFail({ duration: patience, onTimeout: () => new StillRunning() }),
          Effect.flatMap((result) => result)
        ),
      recover: Effect.flatMap(store.expired, (journals) =>
        Effect.forEach(
          journals.filter((journal) => journal.program === label),
          ({ id }) =>
            Effect.flatMap(store.resume(id), (claim) => (claim._tag === "Mine" ? start(id, claim) : Effect.void)),
          { discard: true }
        )
      ).pipe(Effect.ignoreLogged),
      answerIn: yield* answerIn(definition)
    }
  })

type Mine = Extract<Claim, { readonly _tag: "Mine" }>

/**
 * Texts that name a person, in an envelope that names the trace it was written in. One that was sealed with another key is
 * a defect of the deployment.
 */
const sealed = <A>(text: Step.Text<A>, envelope: typeof Envelope.Service): Step.Text<A> => ({
  print: (value) => Effect.flatMap(text.print(value), (text) => JournalTrace.marked(envelope.seal(text))),
  read: (sealed) => Effect.flatMap(Effect.orDie(envelope.open(JournalTrace.unmarked(sealed))), text.read)
})

/** Renews a lease for ever; ends its run when the lease is lost. */
const keepLease = (store: typeof JournalStore.Service, id: string, owner: string): Effect.Effect<never> =>
  Effect.sleep(Duration.millis(Duration.toMillis(store.lease) / 3)).pipe(
    Effect.zipRight(Effect.orDie(store.renew(id, owner))),
    Effect.flatMap((kept) => (kept ? Effect.void : Effect.die(new Step.LeaseLost()))),
    Effect.forever
  )

/** An interrupted run goes to whoever comes next; one that ended in a defect waits ever longer, and is parked in the end. */
const giveBack = (
  store: typeof JournalStore.Service,
  id: string,
  label: string,
  { attempts, owner }: Mine,
  cause: Cause.Cause<unknown>
) => {
  if (Cause.isInterruptedOnly(cause)) return Effect.ignoreLogged(store.release(id, owner, 0))
  const given =
    attempts < maxAttempts
      ? store.release(id, owner, Math.min(60_000, 250 * 2 ** attempts))
      : Effect.zipRight(store.park(id, owner), parked(id, label))
  return Effect.zipRight(
    Effect.logError(`journal ${id}: attempt ${attempts} ended without an answer: ${Trouble.describe(cause)}`),
    Effect.ignoreLogged(given)
  )
}

const parked = (id: string, label: string) =>
  Effect.zipRight(
    Effect.logError(`journal ${id}: parked until an operator puts it back`),
    JournalMetrics.count(JournalMetrics.parked, label)
  )
