import { ATTR_EXCEPTION_STACKTRACE, ATTR_SERVICE_NAME } from "@opentelemetry/semantic-conventions"
import type { Exemplar } from "@retro/telemetry/Durations"
import type { EndedSpan, Value } from "@retro/telemetry/EndedSpan"
import type { Tracer } from "effect"
import type { LogLine } from "./LogLine.ts"
import type * as MetricSnapshot from "./MetricSnapshot.ts"

/** What sends: attributes of the process, shared by all that it sends. */
export type Resource = Readonly<Record<string, string>>

/** The spans of a batch, those of a service together. Source: OTLP, `ExportTraceServiceRequest` as JSON. */
export const traces = (resource: Resource, spans: ReadonlyArray<EndedSpan>): string =>
  JSON.stringify({
    resourceSpans: Array.from(byService(spans), ([service, spans]) => ({
      resource: resourceOf({ ...resource, [ATTR_SERVICE_NAME]: service }),
      scopeSpans: [{ scope, spans: spans.map(spanOf) }]
    }))
  })

/** Spans by their service: a process may hold several. */
export const byService = (spans: ReadonlyArray<EndedSpan>): ReadonlyMap<string, ReadonlyArray<EndedSpan>> => {
  const services = new Map<string, Array<EndedSpan>>()
  for (const span of spans) {
    const known = services.get(span.service)
    if (known === undefined) services.set(span.service, [span])
    else known.push(span)
  }
  return services
}

/** As attributes of a resource. */
export const resourceOf = (resource: Resource) => ({ attributes: attributes(Object.entries(resource)) })

/** What made the telemetry. */
export const scope = { name: "@retro/telemetry" }

/** Attributes as OTLP has them. */
export const attributes = (entries: Iterable<readonly [string, Value]>) =>
  Array.from(entries, ([key, value]) => ({ key, value: valueOf(value) }))

const valueOf = (value: Value) => {
  if (typeof value === "string") return { stringValue: value }
  if (typeof value === "boolean") return { boolValue: value }
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value }
}

const spanOf = (span: EndedSpan) => ({
  traceId: span.traceId,
  spanId: span.spanId,
  ...(span.traceState !== undefined && { traceState: span.traceState }),
  parentSpanId: span.parentSpanId ?? "",
  name: span.name,
  kind: kinds[span.kind],
  startTimeUnixNano: String(span.startNanos),
  endTimeUnixNano: String(span.endNanos),
  attributes: attributes(span.attributes),
  events: span.events.map(({ attributes: known, name, nanos }) => ({
    timeUnixNano: String(nanos),
    name,
    attributes: attributes(known)
  })),
  links: span.links.map(({ span: { spanId, traceId } }) => ({ traceId, spanId })),
  status: { code: span.isError ? failed : unset }
})

/** `SpanKind` of OTLP. */
export const kinds: Readonly<Record<Tracer.SpanKind, number>> = {
  internal: 1,
  server: 2,
  client: 3,
  producer: 4,
  consumer: 5
}

/** `StatusCode` of OTLP. */
export const [unset, failed] = [0, 2]

/** When a process began to measure, and when it was asked, in nanoseconds of the Unix epoch. */
export interface Times {
  readonly start: bigint
  readonly now: bigint
}

/** The metrics of a process at a moment. Source: OTLP, `ExportMetricsServiceRequest` as JSON; sums since the start. */
export const metrics = (
  resource: Resource,
  all: ReadonlyArray<MetricSnapshot.Series>,
  { now, start }: Times
): string => {
  const times = { startTimeUnixNano: String(start), timeUnixNano: String(now) }
  return JSON.stringify({
    resourceMetrics: [
      {
        resource: resourceOf(resource),
        scopeMetrics: [{ scope, metrics: all.map((series) => metricOf(series, times)) }]
      }
    ]
  })
}

/** `AGGREGATION_TEMPORALITY_CUMULATIVE` of OTLP. */
export const cumulative = 2

const metricOf = ({ description, labels, name, unit, value }: MetricSnapshot.Series, times: object) => {
  const point = { ...times, attributes: attributes(labels) }
  const head = { name, description, unit }
  switch (value._tag) {
    case "Gauge":
      return { ...head, gauge: { dataPoints: [{ ...point, asDouble: value.number }] } }
    case "Counter":
      return {
        ...head,
        sum: {
          dataPoints: [{ ...point, asDouble: value.number }],
          aggregationTemporality: cumulative,
          isMonotonic: true
        }
      }
    case "Histogram":
      return {
        ...head,
        histogram: {
          dataPoints: [
            {
              ...point,
              count: String(value.count),
              sum: value.sum,
              bucketCounts: value.buckets.map(({ count }) => String(count)),
              explicitBounds: value.buckets.slice(0, -1).map(({ bound }) => bound),
              exemplars: value.buckets.flatMap(({ exemplar }) => (exemplar === undefined ? [] : [exemplarOf(exemplar)]))
            }
          ],
          aggregationTemporality: cumulative
        }
      }
  }
}

const exemplarOf = (exemplar: Exemplar) => ({
  timeUnixNano: String(nanosOf(exemplar)),
  asDouble: exemplar.value,
  traceId: exemplar.traceId,
  spanId: exemplar.spanId
})

/** When it was measured, to the microsecond. */
export const nanosOf = ({ at }: Exemplar): bigint => BigInt(Math.round(at * 1000)) * 1000n

/** Lines of a log. Source: OTLP, `ExportLogsServiceRequest` as JSON. */
export const logs = (resource: Resource, lines: ReadonlyArray<LogLine>): string =>
  JSON.stringify({
    resourceLogs: [{ resource: resourceOf(resource), scopeLogs: [{ scope, logRecords: lines.map(logOf) }] }]
  })

const logOf = (line: LogLine) => ({
  timeUnixNano: String(nanosOfLine(line)),
  severityText: line.level,
  severityNumber: severityOf(line),
  body: { stringValue: line.message },
  attributes: attributes([
    ...Object.entries(line.attributes ?? {}),
    ...(line.cause === undefined ? [] : [[ATTR_EXCEPTION_STACKTRACE, line.cause] as const])
  ]),
  traceId: line.trace_id ?? "",
  spanId: line.span_id ?? ""
})

/** When it was written. */
export const nanosOfLine = ({ time }: LogLine): bigint => BigInt(new Date(time).getTime()) * 1_000_000n

/** `SeverityNumber` of OTLP; of a level that it has no name for, that of INFO. */
export const severityOf = ({ level }: LogLine): number => severities[level] ?? 9

const severities: Readonly<Record<string, number>> = { TRACE: 1, DEBUG: 5, INFO: 9, WARN: 13, ERROR: 17, FATAL: 21 }
