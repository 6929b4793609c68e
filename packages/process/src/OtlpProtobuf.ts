import { ATTR_EXCEPTION_STACKTRACE, ATTR_SERVICE_NAME } from "@opentelemetry/semantic-conventions"
import type { Exemplar } from "@retro/telemetry/Durations"
import type { EndedSpan, Value } from "@retro/telemetry/EndedSpan"
import type { LogLine } from "./LogLine.ts"
import type * as MetricSnapshot from "./MetricSnapshot.ts"
import * as OtlpJson from "./OtlpJson.ts"
import { ProtobufWriter } from "./ProtobufWriter.ts"

/** The spans of a batch, those of a service together. Source: OTLP, `ExportTraceServiceRequest`. */
export const traces = (resource: OtlpJson.Resource, spans: ReadonlyArray<EndedSpan>): Buffer => {
  for (const [service, own] of OtlpJson.byService(spans)) {
    const group = begin({ ...resource, [ATTR_SERVICE_NAME]: service })
    for (const span of own) writeSpan(span)
    end(group)
  }
  return writer.finish()
}

/** The metrics of a process at a moment. Source: OTLP, `ExportMetricsServiceRequest`; sums since the start. */
export const metrics = (
  resource: OtlpJson.Resource,
  all: ReadonlyArray<MetricSnapshot.Series>,
  times: OtlpJson.Times
): Buffer => {
  const group = begin(resource)
  for (const series of all) writeMetric(series, times)
  end(group)
  return writer.finish()
}

/** Lines of a log. Source: OTLP, `ExportLogsServiceRequest`. */
export const logs = (resource: OtlpJson.Resource, lines: ReadonlyArray<LogLine>): Buffer => {
  const group = begin(resource)
  for (const line of lines) writeLog(line)
  end(group)
  return writer.finish()
}

/** One for all: each document is written at once. */
const writer = new ProtobufWriter()

/** What all three kinds are in: a resource, and a scope with its spans, metrics or lines. */
const begin = (resource: OtlpJson.Resource) => {
  const ofResource = writer.open(1)
  const about = writer.open(1)
  attributes(1, Object.entries(resource))
  writer.close(about)
  const ofScope = writer.open(2)
  const scope = writer.open(1)
  writer.string(1, OtlpJson.scope.name)
  writer.close(scope)
  return { ofResource, ofScope }
}

const end = ({ ofResource, ofScope }: ReturnType<typeof begin>) => {
  writer.close(ofScope)
  writer.close(ofResource)
}

const attributes = (field: number, entries: Iterable<readonly [string, Value]>) => {
  for (const [key, value] of entries) attribute(field, key, value)
}

const attribute = (field: number, key: string, value: Value) => {
  const message = writer.open(field)
  writer.string(1, key)
  const any = writer.open(2)
  if (typeof value === "string") writer.present(1, value)
  else if (typeof value === "boolean") writer.number(2, value ? 1 : 0)
  else if (Number.isSafeInteger(value)) writer.int64(3, value)
  else writer.double(4, value)
  writer.close(any)
  writer.close(message)
}

/** Of a map's `forEach`: its entries would be made for each span, to be taken apart again. */
const attributeOfSpan = (value: Value, key: string) => attribute(9, key, value)

const writeSpan = (span: EndedSpan) => {
  const message = writer.open(2)
  writer.hex(1, span.traceId)
  writer.hex(2, span.spanId)
  if (span.traceState !== undefined) writer.string(3, span.traceState)
  if (span.parentSpanId !== undefined) writer.hex(4, span.parentSpanId)
  writer.string(5, span.name)
  writer.number(6, OtlpJson.kinds[span.kind])
  writer.fixed64(7, span.startNanos)
  writer.fixed64(8, span.endNanos)
  span.attributes.forEach(attributeOfSpan)
  for (const event of span.events) {
    const happened = writer.open(11)
    writer.fixed64(1, event.nanos)
    writer.string(2, event.name)
    attributes(3, event.attributes)
    writer.close(happened)
  }
  for (const link of span.links) {
    const other = writer.open(13)
    writer.hex(1, link.span.traceId)
    writer.hex(2, link.span.spanId)
    writer.close(other)
  }
  const status = writer.open(15)
  if (span.isError) writer.number(3, OtlpJson.failed)
  writer.close(status)
  writer.close(message)
}

const writeMetric = ({ description, labels, name, unit, value }: MetricSnapshot.Series, times: OtlpJson.Times) => {
  const message = writer.open(2)
  writer.string(1, name)
  writer.string(2, description)
  writer.string(3, unit)
  const data = writer.open(fields[value._tag])
  const point = writer.open(1)
  writer.fixed64(2, times.start)
  writer.fixed64(3, times.now)
  if (value._tag === "Histogram") {
    writeHistogram(value)
    attributes(9, labels)
  } else {
    writer.double(4, value.number)
    attributes(7, labels)
  }
  writer.close(point)
  if (value._tag !== "Gauge") writer.number(2, OtlpJson.cumulative)
  if (value._tag === "Counter") writer.number(3, 1)
  writer.close(data)
  writer.close(message)
}

/** Of `Metric`, for each kind. */
const fields = { Gauge: 5, Counter: 7, Histogram: 9 } as const

const writeHistogram = ({ buckets, count, sum }: Extract<MetricSnapshot.Value, { readonly _tag: "Histogram" }>) => {
  writer.fixed64(4, BigInt(count))
  writer.double(5, sum)
  const counts = writer.open(6)
  for (const bucket of buckets) writer.fixed64Bare(BigInt(bucket.count))
  writer.close(counts)
  const bounds = writer.open(7)
  for (const { bound } of buckets.slice(0, -1)) writer.doubleBare(bound)
  writer.close(bounds)
  for (const { exemplar } of buckets) if (exemplar !== undefined) writeExemplar(exemplar)
}

const writeExemplar = (exemplar: Exemplar) => {
  const message = writer.open(8)
  writer.fixed64(2, OtlpJson.nanosOf(exemplar))
  writer.double(3, exemplar.value)
  writer.hex(4, exemplar.spanId)
  writer.hex(5, exemplar.traceId)
  writer.close(message)
}

const writeLog = (line: LogLine) => {
  const message = writer.open(2)
  writer.fixed64(1, OtlpJson.nanosOfLine(line))
  writer.number(2, OtlpJson.severityOf(line))
  writer.string(3, line.level)
  const body = writer.open(5)
  writer.present(1, line.message)
  writer.close(body)
  attributes(6, Object.entries(line.attributes ?? {}))
  if (line.cause !== undefined) attributes(6, [[ATTR_EXCEPTION_STACKTRACE, line.cause]])
  if (line.trace_id !== undefined) writer.hex(9, line.trace_id)
  if (line.span_id !== undefined) writer.hex(10, line.span_id)
  writer.close(message)
}
