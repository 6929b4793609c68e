import {
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_STORED_PROCEDURE_NAME,
  ATTR_DB_SYSTEM_NAME,
  ATTR_ERROR_TYPE,
  METRIC_DB_CLIENT_OPERATION_DURATION
} from "@opentelemetry/semantic-conventions"
import * as Durations from "@retro/telemetry/Durations"
import * as ErrorType from "@retro/telemetry/ErrorType"
import * as Spans from "@retro/telemetry/Spans"
import { Effect, Exit } from "effect"

/**
 * Observes a script that Redis runs: measures it, and gives it a span inside a sampled trace. What polls belongs to no
 * trace, and gets none. Keys and arguments are told to nobody. Source: semantic conventions for Redis.
 */
export const around =
  (script: string) =>
  <A, E>(run: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.withFiberRuntime<A, E>((fiber) => {
      const begun = performance.now()
      const measure = (exit: Exit.Exit<A, E>) => {
        seriesOf(script, ErrorType.of(exit))((performance.now() - begun) / 1000, fiber.currentSpan)
        return exit
      }
      // One that is interrupted has no answer to be measured.
      const measured = Effect.matchCauseEffect(run, {
        onFailure: (cause) => measure(Exit.failCause(cause)),
        onSuccess: (reply) => measure(Exit.succeed(reply))
      })
      return fiber.currentSpan === undefined
        ? measured
        : Spans.around(() => ({ name: `${operation} ${script}`, kind: "client", attributes: attributesOf(script) }))(
            measured
          )
    })

const operation = "EVALSHA"

const attributesOf = (script: string) =>
  [
    [ATTR_DB_SYSTEM_NAME, "redis"],
    [ATTR_DB_OPERATION_NAME, operation],
    [ATTR_DB_STORED_PROCEDURE_NAME, script]
  ] as const

const durations = Durations.make(METRIC_DB_CLIENT_OPERATION_DURATION, "How long a script in Redis took.")
const series = new Map<string, Durations.Record>()

const seriesOf = (script: string, errorType: string | undefined): Durations.Record => {
  const name = `${script} ${errorType}`
  const known = series.get(name)
  if (known !== undefined) return known
  const fresh = durations({ ...Object.fromEntries(attributesOf(script)), [ATTR_ERROR_TYPE]: errorType })
  series.set(name, fresh)
  return fresh
}
