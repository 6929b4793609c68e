import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import * as RecentSpans from "@retro/telemetry/RecentSpans"
import * as Spans from "@retro/telemetry/Spans"
import { ConfigProvider, Duration, Effect, FiberRef, Layer, Redacted, TestClock } from "effect"
import * as OtlpBatch from "../src/OtlpBatch.ts"
import * as Telemetry from "../src/Telemetry.ts"
import * as TelemetryConfig from "../src/TelemetryConfig.ts"

const variables = (environment: Readonly<Record<string, string>>) =>
  Layer.setConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(environment)), { pathDelim: "_" }))

const read = (environment: Readonly<Record<string, string>>) =>
  Effect.provide(TelemetryConfig.config, variables(environment))

/** A process's telemetry, and what is asked of it. */
const within = (environment: Readonly<Record<string, string>>, capacity: number) =>
  Telemetry.layer("shop").pipe(
    Layer.provideMerge(RecentSpans.layer(capacity)),
    Layer.provideMerge(variables(environment))
  )

const call = Spans.around(() => ({ name: "call", kind: "internal" }))(Effect.void)

describe("telemetry that nobody asked for", () => {
  it.effect("makes no span, no exporter, and tells no tracer anything", () =>
    Effect.gen(function* () {
      assertEquals(yield* FiberRef.get(FiberRef.currentTracerEnabled), false)
      const before = yield* Effect.tracer
      let spans = 0
      const counting = { ...before, span: (...args: Parameters<typeof before.span>) => (spans++, before.span(...args)) }
      yield* Effect.withTracer(call, counting)
      assertEquals(spans, 0)
      yield* Effect.withTracer(Effect.withTracerEnabled(call, true), counting)
      assertEquals(spans, 1)
      deepStrictEqual(yield* Effect.flatMap(RecentSpans.RecentSpans, ({ all }) => all), [])
    }).pipe(Effect.provide(within({}, 0)))
  )

  it.effect("is off where somebody says so, whatever else is said", () =>
    Effect.gen(function* () {
      const config = yield* read({
        OTEL_SDK_DISABLED: "true",
        OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318",
        METRICS_PORT: "9464"
      })
      deepStrictEqual([config.traces, config.metrics, config.logs, config.scraped], Array(4).fill(undefined))
    })
  )

  it.effect("keeps spans in memory where there is room for them", () =>
    Effect.gen(function* () {
      yield* call
      const { all } = yield* RecentSpans.RecentSpans
      deepStrictEqual(
        (yield* all).map(({ name, service }) => [name, service]),
        [["call", "a name"]]
      )
    }).pipe(Effect.provide(within({ OTEL_SERVICE_NAME: "a name" }, 10)))
  )
})

describe("OpenTelemetry's variables", () => {
  it.effect("send every signal to one place, or each to its own, or not at all", () =>
    Effect.gen(function* () {
      const config = yield* read({
        OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318/",
        OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: "https://logs.example/in",
        OTEL_METRICS_EXPORTER: "none",
        OTEL_EXPORTER_OTLP_HEADERS: "a=1,b=%C3%A9",
        OTEL_EXPORTER_OTLP_TRACES_HEADERS: "a=2",
        OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: "http/json",
        OTEL_BSP_MAX_QUEUE_SIZE: "100"
      })
      assertEquals(config.traces?.url, "http://collector:4318/v1/traces")
      deepStrictEqual(Redacted.value(config.traces?.headers ?? Redacted.make({})), { a: "2", b: "é" })
      deepStrictEqual([config.traces?.maxQueue, config.traces?.maxBatch], [100, 100])
      deepStrictEqual([config.traces?.protocol, config.logs?.protocol], ["http/protobuf", "http/json"])
      assertEquals(config.logs?.url, "https://logs.example/in")
      assertEquals(config.metrics, undefined)
      deepStrictEqual(config.ignored, [])
    })
  )

  it.effect("that are not understood are as if they were not set, and are named without their values", () =>
    Effect.gen(function* () {
      const config = yield* read({
        OTEL_EXPORTER_OTLP_ENDPOINT: "ftp://key:secret@collector",
        OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: "http://collector:4318/v1/logs",
        OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
        OTEL_TRACES_SAMPLER: "sometimes",
        OTEL_TRACES_SAMPLER_ARG: "2",
        OTEL_METRIC_EXPORT_INTERVAL: "-1"
      })
      assertEquals(config.traces, undefined)
      assertEquals(config.logs?.protocol, "http/protobuf")
      deepStrictEqual(
        new Set(config.ignored),
        new Set([
          "OTEL_EXPORTER_OTLP_ENDPOINT",
          "OTEL_EXPORTER_OTLP_PROTOCOL",
          "OTEL_TRACES_SAMPLER",
          "OTEL_TRACES_SAMPLER_ARG",
          "OTEL_METRIC_EXPORT_INTERVAL"
        ])
      )
    })
  )
})

describe("a batch", () => {
  const batching = { delay: Duration.seconds(5), maxQueue: 4, maxBatch: 2 }

  it.scoped("is sent when it is full or has waited, never more than one at a time; what is too much is dropped", () =>
    Effect.gen(function* () {
      const sent: Array<ReadonlyArray<number>> = []
      const put = yield* OtlpBatch.make<number>("span", batching, (batch) =>
        Effect.delay(
          Effect.sync(() => void sent.push(batch)),
          "1 second"
        )
      )
      put(1)
      yield* TestClock.adjust("4 seconds")
      deepStrictEqual(sent, [])
      yield* TestClock.adjust("2 seconds")
      deepStrictEqual(sent, [[1]])
      for (const item of [2, 3, 4, 5, 6, 7]) put(item)
      yield* TestClock.adjust("500 millis")
      assertEquals(sent.length, 1)
      yield* TestClock.adjust("10 seconds")
      deepStrictEqual(sent, [[1], [2, 3], [4, 5]])
      assertTrue(sent.flat().every((item) => item < 6))
    })
  )
})
