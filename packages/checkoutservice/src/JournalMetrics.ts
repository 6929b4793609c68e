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

/** Journals that wait for a replica which runs their version of the program. Only while versions change it is not 0. */
export const foreign = Metric.gauge("journal_foreign", {
  description: "Journals nobody works on, of a program or version that this process does not run."
})

/** Counts what becomes of the journals of one program. */
export interface Counted {
  readonly recovered: Effect.Effect<void>
  readonly compensated: Effect.Effect<void>
  readonly parked: Effect.Effect<void>
  readonly concluded: (answer: Either.Either<unknown, unknown>) => Effect.Effect<void>
  readonly foreign: (journals: number) => Effect.Effect<void>
  /** One more is in flight, or one less. */
  readonly inFlight: (change: 1 | -1) => void
}

/** The counts of a program, labelled once and not for each journal. */
export const of = (program: string): Counted => {
  const ours = <Type, In, Out>(metric: Metric.Metric<Type, In, Out>) => Metric.tagged(metric, "program", program)
  const flying = ours(inFlight)
  const concludedIn = ours(concluded)
  const completed = Metric.increment(Metric.tagged(concludedIn, "outcome", "completed"))
  const foreigners = ours(foreign)
  return {
    recovered: Metric.increment(ours(recovered)),
    compensated: Metric.increment(ours(compensated)),
    parked: Metric.increment(ours(parked)),
    concluded: Either.match({
      onLeft: (failure) => Metric.increment(Metric.tagged(concludedIn, "outcome", ErrorType.ofFailure(failure))),
      onRight: () => completed
    }),
    foreign: (journals) => Metric.set(foreigners, journals),
    inFlight: (change) => flying.unsafeModify(change, [])
  }
}
