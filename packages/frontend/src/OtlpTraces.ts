import type { EndedSpan, Value } from "@retro/telemetry/EndedSpan"
import { Effect, Option, type ParseResult, Schema } from "effect"

const Attribute = Schema.Struct({ key: Schema.String, value: Schema.Unknown })
const Attributes = Schema.optionalWith(Schema.Array(Attribute), { default: () => [] })

const Span = Schema.Struct({
  traceId: Schema.String.pipe(Schema.pattern(/^[0-9a-f]{32}$/)),
  spanId: Schema.String.pipe(Schema.pattern(/^[0-9a-f]{16}$/)),
  parentSpanId: Schema.optionalWith(Schema.String, { default: () => "" }),
  name: Schema.String,
  kind: Schema.optionalWith(Schema.Number, { default: () => 0 }),
  startTimeUnixNano: Schema.BigInt,
  endTimeUnixNano: Schema.BigInt,
  traceState: Schema.optional(Schema.String),
  attributes: Attributes,
  events: Schema.optionalWith(
    Schema.Array(Schema.Struct({ name: Schema.String, timeUnixNano: Schema.BigInt, attributes: Attributes })),
    { default: () => [] }
  ),
  links: Schema.optionalWith(Schema.Array(Schema.Struct({ traceId: Schema.String, spanId: Schema.String })), {
    default: () => []
  }),
  status: Schema.optionalWith(Schema.Struct({ code: Schema.optional(Schema.Number) }), { default: () => ({}) })
})

const Request = Schema.parseJson(
  Schema.Struct({
    resourceSpans: Schema.Array(
      Schema.Struct({
        resource: Schema.Struct({ attributes: Attributes }),
        scopeSpans: Schema.Array(Schema.Struct({ spans: Schema.Array(Span) }))
      })
    )
  })
)

const decodeRequest = Schema.decodeUnknown(Request)

/** The spans of an `ExportTraceServiceRequest` in OTLP's JSON encoding. */
export const decode = (text: string): Effect.Effect<ReadonlyArray<EndedSpan>, ParseResult.ParseError> =>
  Effect.map(decodeRequest(text), ({ resourceSpans }) =>
    resourceSpans.flatMap(({ resource, scopeSpans }) => {
      const service = String(attributes(resource.attributes).get("service.name") ?? "unknown")
      return scopeSpans.flatMap(({ spans }) => spans.map((span) => ended(service, span)))
    })
  )

const ended = (service: string, span: typeof Span.Type): EndedSpan => {
  const known = attributes(span.attributes)
  const errorType = known.get("error.type")
  return {
    service,
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId === "" ? undefined : span.parentSpanId,
    name: span.name,
    kind: kinds[span.kind] ?? "internal",
    startNanos: span.startTimeUnixNano,
    endNanos: span.endTimeUnixNano,
    attributes: known,
    traceState: span.traceState === "" ? undefined : span.traceState,
    events: span.events.map(({ attributes: known, name, timeUnixNano: nanos }) => ({
      name,
      nanos,
      attributes: attributes(known)
    })),
    links: span.links.map((link) => ({ span: link })),
    errorType: errorType === undefined ? undefined : String(errorType),
    isError: span.status.code === failed
  }
}

/** `SpanKind` of OTLP, by its number. */
const kinds = ["internal", "internal", "server", "client", "producer", "consumer"] as const

/** `StatusCode` of OTLP. */
const failed = 2

const AnyValue = Schema.Union(
  Schema.Struct({ stringValue: Schema.String }),
  Schema.Struct({ boolValue: Schema.Boolean }),
  // 64 bits: as text.
  Schema.Struct({ intValue: Schema.NumberFromString }),
  Schema.Struct({ doubleValue: Schema.Number })
)
const decodeValue = Schema.decodeUnknownOption(AnyValue)

/** Attributes whose values are texts, numbers and truth values: ours are. */
const attributes = (entries: ReadonlyArray<typeof Attribute.Type>): ReadonlyMap<string, Value> =>
  new Map(
    entries.flatMap(({ key, value }) =>
      Option.match(decodeValue(value), {
        onNone: () => [],
        onSome: (known): ReadonlyArray<readonly [string, Value]> => Object.values(known).map((it) => [key, it])
      })
    )
  )
