import { describe, it } from "@effect/vitest"
import { assertEquals } from "@effect/vitest/utils"
import type { EndedSpan, Value } from "@retro/telemetry/EndedSpan"
import { FastCheck } from "effect"
import { LogLine } from "../src/LogLine.ts"
import type * as MetricSnapshot from "../src/MetricSnapshot.ts"
import * as OtlpJson from "../src/OtlpJson.ts"
import * as OtlpProtobuf from "../src/OtlpProtobuf.ts"
import * as OtlpMessages from "./OtlpMessages.ts"

const hex = (digits: number) => FastCheck.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`))
const nanos = FastCheck.bigInt({ min: 0n, max: 2n ** 63n - 1n })
/** Short ones, ones of more than a length of one byte, ones beyond ASCII, and none at all. */
const text = FastCheck.oneof(
  FastCheck.string(),
  FastCheck.string({ unit: "grapheme" }),
  FastCheck.string({ minLength: 60, maxLength: 400 }),
  FastCheck.nat({ max: 20_000 }).map((length) => "é".repeat(length))
)
/** JSON has no negative nothing. */
const finite = FastCheck.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)
const value: FastCheck.Arbitrary<Value> = FastCheck.oneof(text, FastCheck.boolean(), FastCheck.maxSafeInteger(), finite)
const attributes = FastCheck.array(FastCheck.tuple(text, value), { maxLength: 5 })
const attributeMap = attributes.map((entries) => new Map(entries))

const span: FastCheck.Arbitrary<EndedSpan> = FastCheck.record({
  service: FastCheck.constantFrom("frontend", "cartservice"),
  traceId: hex(32),
  spanId: hex(16),
  parentSpanId: FastCheck.option(hex(16), { nil: undefined }),
  traceState: FastCheck.option(FastCheck.constant("vendor=1,other=2"), { nil: undefined }),
  name: text,
  kind: FastCheck.constantFrom("internal", "server", "client", "producer", "consumer"),
  startNanos: nanos,
  endNanos: nanos,
  attributes: attributeMap,
  events: FastCheck.array(FastCheck.record({ name: text, nanos, attributes: attributeMap }), { maxLength: 2 }),
  links: FastCheck.array(FastCheck.record({ span: FastCheck.record({ traceId: hex(32), spanId: hex(16) }) }), {
    maxLength: 2
  }),
  errorType: FastCheck.constant(undefined),
  isError: FastCheck.boolean()
})

const exemplar = FastCheck.record({
  value: finite,
  traceId: hex(32),
  spanId: hex(16),
  at: FastCheck.double({ min: 0, max: 4e12, noNaN: true })
})
const count = FastCheck.nat()
const number = FastCheck.record({ _tag: FastCheck.constantFrom("Counter" as const, "Gauge" as const), number: finite })
const histogram = FastCheck.record({
  _tag: FastCheck.constant("Histogram" as const),
  buckets: FastCheck.array(
    FastCheck.record({ bound: finite, count, exemplar: FastCheck.option(exemplar, { nil: undefined }) }),
    { minLength: 1, maxLength: 20 }
  ),
  sum: finite,
  count
})
const series: FastCheck.Arbitrary<MetricSnapshot.Series> = FastCheck.record({
  name: text,
  description: text,
  unit: FastCheck.constantFrom("s", "By", ""),
  labels: FastCheck.array(FastCheck.tuple(text, text), { maxLength: 4 }),
  value: FastCheck.oneof(number, histogram)
})

const line = FastCheck.record({
  time: FastCheck.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true }).map((date) =>
    date.toISOString()
  ),
  level: FastCheck.constantFrom("DEBUG", "INFO", "WARN", "ERROR", "FATAL", "other"),
  service: FastCheck.constant("frontend"),
  message: text,
  trace_id: FastCheck.option(hex(32), { nil: undefined }),
  span_id: FastCheck.option(hex(16), { nil: undefined }),
  cause: FastCheck.option(text, { nil: undefined }),
  attributes: FastCheck.option(
    attributes.map((entries): Record<string, Value> => Object.fromEntries(entries)),
    { nil: undefined }
  )
}).map((fields) => new LogLine(fields, true))

const resource = { "deployment.environment.name": "test", empty: "" }

/** Both are the same to whoever reads them by the protocol's own definitions. */
const assertSame = (signal: OtlpMessages.Signal, json: string, protobuf: Uint8Array) =>
  assertEquals(OtlpMessages.toText(signal, protobuf), OtlpMessages.normal(signal, json))

describe("telemetry in protobuf says what it says in JSON", () => {
  it("of spans", () =>
    FastCheck.assert(
      FastCheck.property(FastCheck.array(span, { maxLength: 5 }), (spans) =>
        assertSame("traces", OtlpJson.traces(resource, spans), OtlpProtobuf.traces(resource, spans))
      )
    ))

  it("of metrics", () =>
    FastCheck.assert(
      FastCheck.property(FastCheck.array(series, { maxLength: 5 }), nanos, nanos, (all, start, now) =>
        assertSame(
          "metrics",
          OtlpJson.metrics(resource, all, { start, now }),
          OtlpProtobuf.metrics(resource, all, { start, now })
        )
      )
    ))

  it("of lines of a log", () =>
    FastCheck.assert(
      FastCheck.property(FastCheck.array(line, { maxLength: 5 }), (lines) =>
        assertSame("logs", OtlpJson.logs(resource, lines), OtlpProtobuf.logs(resource, lines))
      )
    ))
})
