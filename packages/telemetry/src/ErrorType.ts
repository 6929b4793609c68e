import { Cause, type Exit, Option, Predicate } from "effect"

/**
 * What kind of error an exit is, as `error.type` names it: the tag of a typed error, the name of a defect's class. Never a
 * message, which may hold what a person typed.
 */
export const of = (exit: Exit.Exit<unknown, unknown>): string | undefined =>
  exit._tag === "Success" ? undefined : ofCause(exit.cause)

/** Nobody waited any longer. */
export const interrupted = "Interrupted"

const ofCause = (cause: Cause.Cause<unknown>): string => {
  const failure = Cause.failureOption(cause)
  if (Option.isSome(failure)) return ofFailure(failure.value)
  const defect = Cause.dieOption(cause)
  return Option.isSome(defect) ? ofFailure(defect.value) : interrupted
}

/** The same of a failure or a defect. */
export const ofFailure = (error: unknown): string => {
  if (Predicate.hasProperty(error, "_tag") && Predicate.isString(error._tag)) return error._tag
  return error instanceof Error ? error.name : "_OTHER"
}

/** Where an error was made, without its message; nothing where the two cannot be told apart. */
export const framesOf = (error: unknown): string | undefined => {
  if (!(error instanceof Error) || error.stack === undefined) return undefined
  const place = error.stack.indexOf(error.message)
  const frames = error.stack.slice(place + error.message.length)
  return place < 0 || !frames.startsWith("\n    at ") ? undefined : frames.slice(1)
}
