import { IdempotencyKeyReused } from "@retro/contract/IdempotencyKeyReused"
import * as Json from "@retro/domain/Json"
import { Array, Clock, Effect, type Either, Exit, Option, type Scope } from "effect"
import { Envelope } from "./Envelope.ts"
import * as JournalMetrics from "./JournalMetrics.ts"
import { answerStep, JournalStore, type JournalUnavailable } from "./JournalStore.ts"
import * as JournalTrace from "./JournalTrace.ts"
import {
  type AnswerIn,
  type Definition,
  type Messages,
  type Program,
  type Request,
  type StillRunning,
  stillRunning
} from "./Program.ts"
import * as Runs from "./Runs.ts"
import * as Text from "./Text.ts"
import * as Waits from "./Waits.ts"

/** How long a caller waits for an answer: longer than a step is asked again until it is given up, that it may be heard. In milliseconds. */
const patience = 8_000

/** How long a caller who has the answer waits for what follows from it, in milliseconds. */
const courtesy = 1_000

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
    const label = `${definition.name}@${definition.version}`
    const counted = JournalMetrics.of(label)
    const input = Text.sealed(
      Text.of(() => Json.codec(definition.input)),
      envelope
    )
    const answer = Text.sealed(Text.ofAnswers(definition), envelope)
    const waits = yield* Waits.make
    const start = yield* Runs.make(definition, { label, counted, input, answer })

    /** Begins the journal, or takes it over, or waits for whoever has it. */
    const attempt: (
      request: Request<I>
    ) => Effect.Effect<Either.Either<A, E>, IdempotencyKeyReused | StillRunning | JournalUnavailable> =
      Effect.fnUntraced(function* ({ fingerprint, group, id, input: value }) {
        const text = yield* input.print(value)
        const until = (yield* Clock.currentTimeMillis) + patience
        while (true) {
          const claim = yield* store.claim({ id, program: label, input: text, fingerprint, group })
          switch (claim._tag) {
            case "Reused":
              return yield* new IdempotencyKeyReused()
            case "Done":
              yield* JournalTrace.link(claim.answer)
              return yield* Effect.mapError(answer.read(claim.answer), () => stillRunning)
            case "Mine": {
              // What was written just now need not be opened and read again.
              const inputOf = claim.input === text ? Effect.succeed(value) : undefined
              const { answered, ended } = yield* start(id, claim, inputOf)
              const result = yield* waits.until(answered, until, stillRunning)
              yield* waits.until(ended, (yield* Clock.currentTimeMillis) + courtesy, Exit.void)
              return result
            }
            case "Busy":
              yield* store.changed(id)
              if ((yield* Clock.currentTimeMillis) >= until) return yield* stillRunning
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
