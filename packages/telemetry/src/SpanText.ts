import type { EndedSpan, SpanEvent, Value } from "./EndedSpan.ts"

/** A span as JSON has it: no numbers of 64 bits, no maps. */
interface Plain extends Omit<EndedSpan, "startNanos" | "endNanos" | "attributes" | "events"> {
  readonly startNanos: string
  readonly endNanos: string
  readonly attributes: ReadonlyArray<readonly [string, Value]>
  readonly events: ReadonlyArray<{
    readonly name: string
    readonly nanos: string
    readonly attributes: Plain["attributes"]
  }>
}

/** All that exporters get of a span, as a text. */
export const of = (span: EndedSpan): string => {
  const plain: Plain = {
    service: span.service,
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    traceState: span.traceState,
    name: span.name,
    kind: span.kind,
    startNanos: String(span.startNanos),
    endNanos: String(span.endNanos),
    attributes: [...span.attributes],
    events: span.events.map(({ attributes, name, nanos }) => ({
      name,
      nanos: String(nanos),
      attributes: [...attributes]
    })),
    links: span.links.map(({ span: { spanId, traceId } }) => ({ span: { traceId, spanId } })),
    errorType: span.errorType,
    isError: span.isError
  }
  return JSON.stringify(plain)
}

/** The span of such a text. */
export const read = (text: string): EndedSpan => {
  const plain: Plain = JSON.parse(text)
  return {
    service: plain.service,
    traceId: plain.traceId,
    spanId: plain.spanId,
    parentSpanId: plain.parentSpanId,
    traceState: plain.traceState,
    name: plain.name,
    kind: plain.kind,
    startNanos: BigInt(plain.startNanos),
    endNanos: BigInt(plain.endNanos),
    attributes: new Map(plain.attributes),
    events: plain.events.map(({ attributes, name, nanos }): SpanEvent => ({
      name,
      nanos: BigInt(nanos),
      attributes: new Map(attributes)
    })),
    links: plain.links,
    errorType: plain.errorType,
    isError: plain.isError
  }
}
