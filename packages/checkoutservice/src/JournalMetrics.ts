import * as ErrorType from "@retro/telemetry/ErrorType"
import { Effect, Either, Metric } from "effect"

/** Runs of programs under way in this process. Like the others it is labelled with the `program` and its version. */
export const inFlight = Metric.gauge("journal_in_flight", { description: "Journals that this process works on." })

/** Journals that were taken up again after somebody else, or an earlier attempt, had left them. */
export const recovered = Metric.counter("journal_recovered_total", {
  description: "Journals taken up again after an attempt that did not end.",
  incremental: true
})

/** Programs that failed after a step had succeeded, and undid it. */
export const compensated = Metric.counter("journal_compensated_total", {
  description: "Journals that ended in a failure whose steps were undone.",
  incremental: true
})

/** Journals that were given up: each waits for an operator. */
export const parked = Metric.counter("journal_parked_total", {
  description: "Journals parked after too many attempts.",
  incremental: true
})

/** What programs led to: "completed", or the tag of the failure. */
export const concluded = Metric.counter("journal_concluded_total", {
  description: "Journals that have their answer, by what it is.",
  incremental: true
})

/** Counts an answer. */
export const conclude = (program: string, answer: Either.Either<unknown, unknown>): Effect.Effect<void> => {
  const outcome = Either.isRight(answer) ? "completed" : ErrorType.ofFailure(answer.left)
  return count(Metric.tagged(concluded, "outcome", outcome), program)
}

/** Counts one more. */
export const count = (counter: Metric.Metric.Counter<number>, program: string): Effect.Effect<void> =>
  Metric.increment(Metric.tagged(counter, "program", program))

/** Counts an effect in as long as it runs. */
export const whileInFlight =
  (program: string) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> => {
    const gauge = Metric.tagged(inFlight, "program", program)
    return Effect.acquireUseRelease(
      Metric.increment(gauge),
      () => effect,
      () => Metric.incrementBy(gauge, -1)
    )
  }
