import type { IdempotencyKeyReused } from "@retro/contract/IdempotencyKeyReused"
import { Data, type Effect, type Either, type Option, type Schema } from "effect"
import type { JournalUnavailable } from "./JournalStore.ts"
import type * as Step from "./Step.ts"

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

/** The one there is: making an error takes a stack trace, and every run has this one ready. */
export const stillRunning = new StillRunning()
