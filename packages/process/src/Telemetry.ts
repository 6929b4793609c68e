import {
  ATTR_SERVICE_INSTANCE_ID,
  ATTR_SERVICE_NAME,
  ATTR_TELEMETRY_SDK_LANGUAGE,
  ATTR_TELEMETRY_SDK_NAME
} from "@opentelemetry/semantic-conventions"
import type { Exporter } from "@retro/telemetry/EndedSpan"
import { RecentSpans } from "@retro/telemetry/RecentSpans"
import * as SpanTracer from "@retro/telemetry/SpanTracer"
import { Effect, Layer, Logger, type Scope } from "effect"
import { randomUUID } from "node:crypto"
import * as LogLine from "./LogLine.ts"
import type { MetricsPortTaken } from "./MetricsServer.ts"
import * as TelemetryConfig from "./TelemetryConfig.ts"

/**
 * Traces, metrics and logs of this process go where OpenTelemetry's variables say; its spans also to {@link RecentSpans},
 * where there is room for any. Where nobody wants spans, tracing is off: none is made.
 */
export const layer = (service: string): Layer.Layer<never, MetricsPortTaken, RecentSpans> =>
  Layer.unwrapScoped(
    Effect.gen(function* () {
      const config = yield* TelemetryConfig.config
      for (const name of config.ignored) yield* Effect.logWarning(`${name} is not understood, and ignored`)
      const name = config.serviceName ?? service
      const resource = { ...ofProcess, ...config.attributes, [ATTR_SERVICE_NAME]: name }
      yield* measuring(config, resource)
      return Layer.merge(yield* tracing(config, name, resource), yield* logging(config, name, resource))
    })
  )

type Resource = Readonly<Record<string, string>>

/** What sends is only there where something is sent: a service without it starts sooner, in less memory. */
const otlp = Effect.promise(() => import("./Otlp.ts"))

const tracing = Effect.fnUntraced(function* (
  { sampler, traces }: TelemetryConfig.TelemetryConfig,
  service: string,
  resource: Resource
) {
  const exporters: Array<Exporter> = []
  const recent = yield* RecentSpans
  if (recent.capacity > 0) exporters.push(recent.add)
  if (traces !== undefined) exporters.push(yield* (yield* otlp).spans(resource, traces))
  const [exporter] = exporters
  if (exporter === undefined) return Layer.setTracerEnabled(false)
  const all: Exporter = exporters.length === 1 ? exporter : (span) => exporters.forEach((take) => take(span))
  return Layer.setTracer(SpanTracer.make(service, { sampler, exporter: all }))
})

const logging = Effect.fnUntraced(function* (
  { logs }: TelemetryConfig.TelemetryConfig,
  service: string,
  resource: Resource
) {
  if (logs === undefined) return Layer.empty
  const send = yield* (yield* otlp).logs(resource, logs)
  return Logger.add(Logger.make((entry) => send(LogLine.make(service, entry))))
})

const measuring = (
  { metrics, scraped }: TelemetryConfig.TelemetryConfig,
  resource: Resource
): Effect.Effect<void, MetricsPortTaken, Scope.Scope> =>
  Effect.gen(function* () {
    if (metrics === undefined && scraped === undefined) return
    yield* (yield* Effect.promise(() => import("./RuntimeMetrics.ts"))).measure
    if (metrics !== undefined) yield* (yield* otlp).metrics(resource, metrics)
    if (scraped === undefined) return
    const MetricsServer = yield* Effect.promise(() => import("./MetricsServer.ts"))
    yield* Effect.logInfo("serving metrics", { port: yield* MetricsServer.serve(scraped, resource) })
  })

/** What is known of the process without being told. */
const ofProcess = {
  [ATTR_SERVICE_INSTANCE_ID]: randomUUID(),
  [ATTR_TELEMETRY_SDK_NAME]: "retro-station",
  [ATTR_TELEMETRY_SDK_LANGUAGE]: "nodejs"
}
