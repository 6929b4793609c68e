import {
  ATTR_SERVICE_INSTANCE_ID,
  ATTR_TELEMETRY_SDK_LANGUAGE,
  ATTR_TELEMETRY_SDK_NAME
} from "@opentelemetry/semantic-conventions"
import type { Exporter } from "@retro/telemetry/EndedSpan"
import { RecentSpans } from "@retro/telemetry/RecentSpans"
import * as SpanTracer from "@retro/telemetry/SpanTracer"
import { Effect, Layer } from "effect"
import { randomUUID } from "node:crypto"
import * as TelemetryConfig from "./TelemetryConfig.ts"

/**
 * Traces, metrics and logs of this process go where OpenTelemetry's variables say; its spans also to {@link RecentSpans},
 * where there is room for any. Where nobody wants spans, tracing is off: none is made.
 */
export const layer = (service: string): Layer.Layer<never, never, RecentSpans> =>
  Layer.unwrapScoped(
    Effect.gen(function* () {
      const config = yield* TelemetryConfig.config
      for (const name of config.ignored) yield* Effect.logWarning(`${name} is not understood, and ignored`)
      const resource = { ...process, ...config.attributes }
      const exporters: Array<Exporter> = []
      const recent = yield* RecentSpans
      if (recent.capacity > 0) exporters.push(recent.add)
      if (config.traces !== undefined) {
        const Otlp = yield* otlp
        exporters.push(yield* Otlp.spans(resource, config.traces))
      }
      const [exporter] = exporters
      if (exporter === undefined) return Layer.setTracerEnabled(false)
      return Layer.setTracer(
        SpanTracer.make(config.serviceName ?? service, {
          sampler: config.sampler,
          exporter: exporters.length === 1 ? exporter : (span) => exporters.forEach((add) => add(span))
        })
      )
    })
  )

/** What sends is only there where something is sent: a service without it starts sooner, in less memory. */
const otlp = Effect.promise(() => import("./Otlp.ts"))

/** What is known of the process without being told. */
const process = {
  [ATTR_SERVICE_INSTANCE_ID]: randomUUID(),
  [ATTR_TELEMETRY_SDK_NAME]: "retro-station",
  [ATTR_TELEMETRY_SDK_LANGUAGE]: "nodejs"
}
