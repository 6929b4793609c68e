import { ATTR_SERVICE_NAME } from "@opentelemetry/semantic-conventions"
import type { EndedSpan, Value } from "@retro/telemetry/EndedSpan"
import type { Tracer } from "effect"

/** What sends: attributes of the process, shared by all that it sends. */
export type Resource = Readonly<Record<string, string>>

/** The spans of a batch, those of a service together. Source: OTLP, `ExportTraceServiceRequest` as JSON. */
export const traces = (resource: Resource, spans: ReadonlyArray<EndedSpan>): string => {
  const services = new Map<string, Array<EndedSpan>>()
  for (const span of spans) {
    const known = services.get(span.service)
    if (known === undefined) services.set(span.service, [span])
    else known.push(span)
  }
  return JSON.stringify({
    resourceSpans: Array.from(services, ([service, spans]) => ({
      resource: resourceOf({ ...resource, [ATTR_SERVICE_NAME]: service }),
      scopeSpans: [{ scope, spans: spans.map(spanOf) }]
    }))
  })
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
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
}

const spanOf = (span: EndedSpan) => ({
  traceId: span.traceId,
  spanId: span.spanId,
  parentSpanId: span.parentSpanId ?? "",
  name: span.name,
  kind: kinds[span.kind],
  startTimeUnixNano: String(span.startNanos),
  endTimeUnixNano: String(span.endNanos),
  attributes: attributes(span.attributes),
  links: span.links.map(({ span: { spanId, traceId } }) => ({ traceId, spanId })),
  status: { code: span.isError ? failed : unset }
})

/** `SpanKind` of OTLP. */
const kinds: Readonly<Record<Tracer.SpanKind, number>> = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 }

/** `StatusCode` of OTLP. */
const [unset, failed] = [0, 2]
