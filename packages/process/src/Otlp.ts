import { ATTR_ERROR_TYPE } from "@opentelemetry/semantic-conventions"
import * as Counter from "@retro/telemetry/Counter"
import type { Exporter } from "@retro/telemetry/EndedSpan"
import { Effect, type Scope } from "effect"
import * as OtlpBatch from "./OtlpBatch.ts"
import * as OtlpHttp from "./OtlpHttp.ts"
import * as OtlpJson from "./OtlpJson.ts"
import type { Batching, Destination } from "./TelemetryConfig.ts"

/** Sends spans, in batches. */
export const spans = (
  resource: OtlpJson.Resource,
  destination: Destination & Batching
): Effect.Effect<Exporter, never, Scope.Scope> =>
  Effect.flatMap(delivery("span", destination), (deliver) =>
    OtlpBatch.make("span", destination, (batch) => deliver(batch.length, OtlpJson.traces(resource, batch)))
  )

/** Delivers documents to a destination: counts how much was taken and what was lost, and says so once when it begins. */
const delivery = (kind: string, destination: Destination) =>
  Effect.sync(() => {
    const exported = Counter.make(`otel.sdk.exporter.${kind}.exported`, "Telemetry that was sent, or could not be.")
    const said = { failing: false }
    const taken = exported({})
    return (size: number, document: string): Effect.Effect<void> =>
      OtlpHttp.send(destination, document).pipe(
        Effect.matchEffect({
          onSuccess: () => {
            taken(size)
            if (!said.failing) return Effect.void
            said.failing = false
            return Effect.logInfo("telemetry is taken again", { kind })
          },
          onFailure: ({ reason }) => {
            exported({ [ATTR_ERROR_TYPE]: reason })(size)
            if (said.failing) return Effect.void
            said.failing = true
            return Effect.logWarning("telemetry is not taken, and is lost until it is", { kind, reason })
          }
        })
      )
  })
