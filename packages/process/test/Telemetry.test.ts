import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { CurrencyService } from "@retro/contract/CurrencyService"
import * as Money from "@retro/domain/Money"
import * as GrpcClient from "@retro/grpc/GrpcClient"
import { Effect, Either, Queue } from "effect"
import * as Child from "./Child.ts"
import * as Collector from "./Collector.ts"

const oneEuro = Either.getOrThrow(Money.make("EUR", 1n, 0))

const convert = (port: number) =>
  Effect.flatMap(CurrencyService, (service) => service.convert({ from: oneEuro, toCode: "USD" })).pipe(
    Effect.provide(GrpcClient.layer(CurrencyService, `127.0.0.1:${port}`)),
    Effect.withTracerEnabled(false)
  )

const portIn = Effect.map(({ groups }: { readonly groups: ReadonlyArray<string> }) => Number(groups[0]))

const start = Effect.fnUntraced(function* (environment: Readonly<Record<string, string>>) {
  const child = yield* Child.start(
    { PORT: "0", RATES: "snapshot", LOG_FORMAT: "json", ...environment },
    "packages/currencyservice/main.ts"
  )
  const scraped =
    environment["METRICS_PORT"] === undefined ? 0 : yield* portIn(child.line(/"serving metrics".*"port":(\d+)/))
  return { child, scraped, port: yield* portIn(child.line(/"serving".*"port":(\d+)/)) }
})

describe("telemetry of a process", { timeout: 60_000 }, () => {
  for (const [protocol, contentType] of [
    [undefined, "application/x-protobuf"],
    ["http/json", "application/json"]
  ] as const) {
    it.scopedLive(
      `is sent to the collector as ${contentType}, with who sends it, the last of it when the process stops`,
      () =>
        Effect.gen(function* () {
          const { sent, url } = yield* Collector.make()
          const { child, port } = yield* start({
            OTEL_EXPORTER_OTLP_ENDPOINT: `${url}/`,
            OTEL_EXPORTER_OTLP_HEADERS: "x-key=a%20secret",
            OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
            ...(protocol !== undefined && { OTEL_EXPORTER_OTLP_PROTOCOL: protocol }),
            OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=test"
          })
          yield* convert(port)
          yield* child.signal("SIGTERM")
          assertEquals(yield* child.exitCode, 0)
          const all = [...(yield* Queue.takeAll(sent))]
          deepStrictEqual(new Set(all.map(({ path }) => path)), new Set(["/v1/traces", "/v1/metrics", "/v1/logs"]))
          assertTrue(all.every(({ headers }) => headers["x-key"] === "a secret"))
          assertTrue(all.every(({ headers }) => headers["content-type"] === contentType))
          const texts = (path: string) => all.filter((one) => one.path === path).map(({ text }) => text)
          const { resource, scopeSpans } = JSON.parse(texts("/v1/traces")[0] ?? "").resourceSpans[0]
          const attributes = Object.fromEntries(
            resource.attributes.map(({ key, value }: { key: string; value: { stringValue: string } }) => [
              key,
              value.stringValue
            ])
          )
          deepStrictEqual(
            [attributes["service.name"], attributes["deployment.environment.name"]],
            ["currencyservice", "test"]
          )
          const [span] = scopeSpans[0].spans
          deepStrictEqual(
            [span.name, span.kind, span.parentSpanId ?? "", span.status.code ?? 0],
            ["retrostation.CurrencyService/Convert", 2, "", 0]
          )
          assertTrue(texts("/v1/metrics").some((text) => text.includes('"rpc.server.call.duration"')))
          assertTrue(
            texts("/v1/metrics").some((text) => text.includes(span.traceId)),
            "exemplar"
          )
          assertTrue(texts("/v1/logs").some((text) => text.includes('"stringValue":"serving"')))
          assertTrue(child.errors.length === 0)
        })
    )
  }

  for (const [what, answer] of [
    ["hangs", "never"],
    ["refuses", 500]
  ] as const) {
    it.scopedLive(`a collector that ${what} slows nothing and holds no process`, () =>
      Effect.gen(function* () {
        const { sent, url } = yield* Collector.make(() => answer)
        const { child, port } = yield* start({
          OTEL_EXPORTER_OTLP_ENDPOINT: url,
          OTEL_BSP_SCHEDULE_DELAY: "10",
          OTEL_BSP_MAX_QUEUE_SIZE: "4",
          METRICS_PORT: "0"
        })
        yield* convert(port)
        yield* Queue.take(sent)
        yield* Effect.timeout(Effect.replicateEffect(convert(port), 20), "10 seconds")
        yield* child.signal("SIGTERM")
        assertEquals(yield* Effect.timeout(child.exitCode, "15 seconds"), 0)
      })
    )
  }

  it.scopedLive("is fetched by Prometheus where there is a port for it, and nothing else is there", () =>
    Effect.gen(function* () {
      const { port, scraped } = yield* start({ METRICS_PORT: "0" })
      const fetched = (path: string, accept: string) =>
        Effect.promise(() => fetch(`http://127.0.0.1:${scraped}${path}`, { headers: { accept } }))
      yield* convert(port)
      const text = yield* Effect.flatMap(fetched("/metrics", "text/plain"), (answer) =>
        Effect.promise(() => answer.text())
      )
      for (const line of [
        /^target_info\{.*service_name="currencyservice".*\} 1$/m,
        /^# TYPE rpc_server_call_duration_seconds histogram$/m,
        /^rpc_server_call_duration_seconds_bucket\{rpc_system_name="grpc",rpc_method="retrostation.CurrencyService\/Convert",rpc_status_code="OK",le="\+Inf"\} 1$/m,
        /^rpc_server_call_duration_seconds_count\{.*\/Convert".*\} 1$/m,
        /^nodejs_eventloop_delay_p99_seconds \d/m,
        /^process_memory_usage_bytes \d{7}/m,
        /^process_cpu_time_seconds_total\{process_cpu_state="user"\} 0?\.?\d/m
      ]) {
        assertTrue(line.test(text), `${line} in\n${text}`)
      }
      const open = yield* fetched("/metrics", "application/openmetrics-text; version=1.0.0")
      assertTrue((yield* Effect.promise(() => open.text())).endsWith("\n# EOF\n"))
      assertEquals((yield* fetched("/", "text/plain")).status, 404)
    })
  )
})
