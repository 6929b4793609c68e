import { ATTR_ERROR_TYPE } from "@opentelemetry/semantic-conventions"
import * as Counter from "@retro/telemetry/Counter"
import type { Exporter } from "@retro/telemetry/EndedSpan"
import { type Duration, Effect, type Scope } from "effect"
import type { LogLine } from "./LogLine.ts"
import * as MetricSnapshot from "./MetricSnapshot.ts"
import * as OtlpBatch from "./OtlpBatch.ts"
import * as OtlpHttp from "./OtlpHttp.ts"
import * as OtlpJson from "./OtlpJson.ts"
import * as OtlpProtobuf from "./OtlpProtobuf.ts"
import type { Batching, Destination } from "./TelemetryConfig.ts"

/** Sends spans, in batches. */
export const spans = (
  resource: OtlpJson.Resource,
  destination: Destination & Batching
): Effect.Effect<Exporter, never, Scope.Scope> =>
  Effect.flatMap(delivery("span", destination), (deliver) =>
    OtlpBatch.make("span", destination, (batch) => deliver(batch.length, encoding(destination).traces(resource, batch)))
  )

/** Sends lines of a log, in batches. */
export const logs = (
  resource: OtlpJson.Resource,
  destination: Destination & Batching
): Effect.Effect<(line: LogLine) => void, never, Scope.Scope> =>
  Effect.flatMap(delivery("log", destination), (deliver) =>
    OtlpBatch.make("log", destination, (batch) => deliver(batch.length, encoding(destination).logs(resource, batch)))
  )

/** Sends all metrics now and then, and once more when the scope closes. */
export const metrics = (
  resource: OtlpJson.Resource,
  destination: Destination & { readonly interval: Duration.Duration }
): Effect.Effect<void, never, Scope.Scope> =>
  Effect.gen(function* () {
    const clock = yield* Effect.clock
    const start = clock.unsafeCurrentTimeNanos()
    const deliver = yield* delivery("metric_data_point", destination)
    const collect = Effect.flatMap(MetricSnapshot.take, (series) =>
      deliver(
        series.length,
        encoding(destination).metrics(resource, series, { start, now: clock.unsafeCurrentTimeNanos() })
      )
    )
    yield* Effect.addFinalizer(() => OtlpBatch.atFarewell(collect))
    yield* Effect.forkScoped(Effect.forever(Effect.delay(collect, destination.interval)))
  })

const encoding = ({ protocol }: Destination) => (protocol === "http/json" ? OtlpJson : OtlpProtobuf)

/** Delivers documents to a destination: counts how much was taken and what was lost, and says so once when it begins. */
const delivery = (kind: string, destination: Destination) =>
  Effect.sync(() => {
    const exported = Counter.make(`otel.sdk.exporter.${kind}.exported`, "Telemetry that was sent, or could not be.")
    const said = { failing: false }
    const taken = exported({})
    return (size: number, document: string | Buffer): Effect.Effect<void> =>
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
