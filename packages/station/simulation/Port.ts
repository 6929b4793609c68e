import { Clock, Effect, FiberRef } from "effect"
import * as Process from "./Process.ts"
import type { Trace } from "./Trace.ts"
import * as VirtualTime from "./VirtualTime.ts"
import type { PortFault, Storm } from "./Weather.ts"

/** An operation of a store or an outside party, as it goes in this storm. */
export type Operation = <A, E, S, F extends object = never>(
  place: Place<S, F>,
  operation: Effect.Effect<A, E>
) => Effect.Effect<A, E | S | F>

/** Where an operation happens, and what its caller learns when it goes wrong. */
export interface Place<S, F> {
  readonly where: string
  /** There is no answer. */
  readonly silence: S
  /** It is not done now, which happens as often as the weather says. */
  readonly refusal?: { readonly answer: F; readonly by: "refusing" | "striking" }
}

/** How long a frozen process stands still: longer than any lease. */
const freeze = { least: 13_000, most: 22_000 }

/** Makes operations go wrong as the storm has it. */
export const make =
  (storm: Storm, trace: Trace): Operation =>
  <A, E, S, F extends object = never>({ refusal, silence, where }: Place<S, F>, operation: Effect.Effect<A, E>) =>
    Process.guard(
      Effect.flatMap(FiberRef.get(Process.current), (process): Effect.Effect<A, E | S | F> => {
        if (process !== undefined) trace.passed(where)
        const fault = storm.atPort({ process: process !== undefined, refuses: refusal?.by })
        if (fault === undefined) return operation
        trace.fault(fault, process === undefined ? where : `${where} of ${process.name}`)
        if (fault === "refused" && refusal !== undefined) return Effect.fail(refusal.answer)
        if (fault === "silent before") return Effect.fail(silence)
        if (fault === "silent after") return Effect.zipRight(Effect.exit(operation), Effect.fail(silence))
        if (fault === "slow") return Effect.delay(operation, storm.dice.between(10, 4000))
        return process === undefined ? operation : crashed(storm, process, fault, operation)
      })
    )

const crashed = <A, E>(
  storm: Storm,
  process: Process.Process,
  fault: PortFault,
  operation: Effect.Effect<A, E>
): Effect.Effect<A, E> => {
  const killed = Effect.zipRight(Process.kill(process), VirtualTime.forever)
  switch (fault) {
    case "killed before":
      return killed
    case "killed after":
      return Effect.zipRight(Effect.exit(operation), killed)
    case "stopped before":
      return Effect.zipRight(Process.stop(process), Effect.zipRight(Effect.sleep(1), operation))
    case "stopped after":
      return Effect.zipLeft(operation, Process.stop(process))
    default:
      return Effect.flatMap(Clock.currentTimeMillis, (now) => {
        process.frozenUntil = now + storm.dice.between(freeze.least, freeze.most)
        return Effect.zipRight(Process.alive(process), operation)
      })
  }
}
