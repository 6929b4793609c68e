import * as Sampler from "@retro/telemetry/Sampler"
import { Config, Duration, Effect, Redacted } from "effect"

/** Where one kind of telemetry is sent by OTLP/HTTP. */
export interface Destination {
  readonly url: string
  readonly protocol: "http/protobuf" | "http/json"
  /** May hold keys of whoever receives it. */
  readonly headers: Redacted.Redacted<Readonly<Record<string, string>>>
  /** For one batch, with all its attempts. */
  readonly timeout: Duration.Duration
  readonly gzip: boolean
}

/** How what is to be sent is gathered. */
export interface Batching {
  /** How long it waits for company. */
  readonly delay: Duration.Duration
  /** How much may wait; what comes then is dropped, and counted. */
  readonly maxQueue: number
  readonly maxBatch: number
}

/** What the variables say that OpenTelemetry has for every program. */
export interface TelemetryConfig {
  readonly serviceName: string | undefined
  readonly attributes: Readonly<Record<string, string>>
  readonly sampler: Sampler.Sampler
  readonly traces: (Destination & Batching) | undefined
  readonly logs: (Destination & Batching) | undefined
  readonly metrics: (Destination & { readonly interval: Duration.Duration }) | undefined
  /** Where Prometheus may fetch the metrics. */
  readonly scraped: { readonly host: string; readonly port: number } | undefined
  /** The variables that were not understood, and are as if they were not set. */
  readonly ignored: ReadonlyArray<string>
}

/**
 * Reads the variables. As OpenTelemetry wants it nothing in them keeps a program from starting: what is not understood is
 * ignored. `METRICS_PORT` is ours. Source: OpenTelemetry specification, environment variables and OTLP exporter.
 */
export const config: Effect.Effect<TelemetryConfig> = Effect.gen(function* () {
  const variables = yield* reader
  if ((yield* variables.text("OTEL_SDK_DISABLED"))?.toLowerCase() === "true") return off
  const sampler = yield* samplerOf(variables)
  const resource = yield* variables.pairs("OTEL_RESOURCE_ATTRIBUTES")
  const serviceName = (yield* variables.text("OTEL_SERVICE_NAME")) ?? resource["service.name"]
  const traces = yield* destination(variables, "TRACES")
  const logs = yield* destination(variables, "LOGS")
  const metrics = yield* destination(variables, "METRICS")
  const interval = Duration.millis(yield* variables.count("OTEL_METRIC_EXPORT_INTERVAL", 60_000))
  return {
    serviceName,
    attributes: resource,
    sampler,
    traces: traces && { ...traces, ...(yield* batching(variables, "BSP", 5_000)) },
    logs: logs && { ...logs, ...(yield* batching(variables, "BLRP", 1_000)) },
    metrics: metrics && { ...metrics, interval },
    scraped: yield* scraped(variables),
    ignored: variables.ignored
  }
})

/** Nothing is traced, measured or sent. */
const off: TelemetryConfig = {
  serviceName: undefined,
  attributes: {},
  sampler: Sampler.never,
  traces: undefined,
  logs: undefined,
  metrics: undefined,
  scraped: undefined,
  ignored: []
}

type Signal = "TRACES" | "LOGS" | "METRICS"

interface Reader {
  readonly text: (name: string) => Effect.Effect<string | undefined>
  readonly number: (name: string, usual: number, most: number) => Effect.Effect<number>
  /** A whole number of one or more. */
  readonly count: (name: string, usual: number) => Effect.Effect<number>
  /** "a=1,b=2", percent-encoded. */
  readonly pairs: (name: string) => Effect.Effect<Readonly<Record<string, string>>>
  readonly ignore: (name: string) => void
  readonly ignored: ReadonlyArray<string>
}

const reader: Effect.Effect<Reader> = Effect.sync(() => {
  const ignored: Array<string> = []
  const ignore = (name: string) => void ignored.push(name)
  const text: Reader["text"] = (name) => Effect.orElseSucceed(Config.string(name), () => undefined)
  const understood = <A>(name: string, usual: A, read: (text: string) => A | undefined) =>
    Effect.map(text(name), (text) => {
      if (text === undefined) return usual
      const value = read(text)
      if (value === undefined) ignore(name)
      return value ?? usual
    })
  return {
    text,
    ignore,
    ignored,
    number: (name, usual, most) =>
      understood(name, usual, (text) => (Number(text) >= 0 && Number(text) <= most ? Number(text) : undefined)),
    count: (name, usual) => understood(name, usual, (text) => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined)),
    pairs: (name) => understood(name, {}, pairsIn)
  }
})

const pairsIn = (text: string): Readonly<Record<string, string>> | undefined => {
  const pairs: Record<string, string> = {}
  for (const pair of text.split(",")) {
    const [, name, value] = /^\s*([^=\s]+)\s*=\s*((?:%[\da-f]{2}|[^%])*?)\s*$/i.exec(pair) ?? []
    if (name === undefined || value === undefined) return undefined
    pairs[name] = decode(value)
  }
  return pairs
}

/** Percent-encoded UTF-8; bytes that are none become the sign for what cannot be read. */
const decode = (text: string): string =>
  Buffer.from(
    text.replace(/%([\da-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
    /%/.test(text) ? "latin1" : "utf8"
  ).toString("utf8")

const samplers: Readonly<Record<string, (part: number) => Sampler.Sampler>> = {
  always_on: () => Sampler.always,
  always_off: () => Sampler.never,
  traceidratio: Sampler.ratio,
  parentbased_always_on: () => Sampler.parentBased(Sampler.always),
  parentbased_always_off: () => Sampler.parentBased(Sampler.never),
  parentbased_traceidratio: (part) => Sampler.parentBased(Sampler.ratio(part))
}

const samplerOf = Effect.fnUntraced(function* ({ ignore, number, text }: Reader) {
  const part = yield* number("OTEL_TRACES_SAMPLER_ARG", 1, 1)
  const name = (yield* text("OTEL_TRACES_SAMPLER")) ?? "parentbased_always_on"
  const sampler = samplers[name]
  if (sampler === undefined) ignore("OTEL_TRACES_SAMPLER")
  return (sampler ?? samplers["parentbased_always_on"] ?? (() => Sampler.always))(part)
})

/** What a signal's own variable says counts more than what the one for all says. */
const destination = Effect.fnUntraced(function* (variables: Reader, signal: Signal) {
  const { ignore, number, pairs, text } = variables
  const exporters = ((yield* text(`OTEL_${signal}_EXPORTER`)) ?? "otlp").split(",")
  const either = (name: string) =>
    Effect.flatMap(text(`OTEL_EXPORTER_OTLP_${signal}_${name}`), (own) =>
      own === undefined ? text(`OTEL_EXPORTER_OTLP_${name}`) : Effect.succeed(own)
    )
  const own = yield* text(`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`)
  const shared = yield* text("OTEL_EXPORTER_OTLP_ENDPOINT")
  const url = own ?? (shared && `${shared.replace(/\/+$/, "")}/v1/${signal.toLowerCase()}`)
  if (!exporters.includes("otlp") || url === undefined) return undefined
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : "")) {
    ignore(own === undefined ? "OTEL_EXPORTER_OTLP_ENDPOINT" : `OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`)
    return undefined
  }
  const protocol = (yield* either("PROTOCOL")) ?? "http/protobuf"
  if (!isProtocol(protocol)) ignore("OTEL_EXPORTER_OTLP_PROTOCOL")
  const timeout = yield* number("OTEL_EXPORTER_OTLP_TIMEOUT", 10_000, 600_000).pipe(
    Effect.flatMap((usual) => number(`OTEL_EXPORTER_OTLP_${signal}_TIMEOUT`, usual, 600_000))
  )
  const headers = {
    ...(yield* pairs("OTEL_EXPORTER_OTLP_HEADERS")),
    ...(yield* pairs(`OTEL_EXPORTER_OTLP_${signal}_HEADERS`))
  }
  return {
    url,
    protocol: isProtocol(protocol) ? protocol : "http/protobuf",
    headers: Redacted.make(headers),
    timeout: Duration.millis(timeout),
    gzip: (yield* either("COMPRESSION")) === "gzip"
  }
})

const isProtocol = (name: string): name is Destination["protocol"] => name === "http/protobuf" || name === "http/json"

const batching = Effect.fnUntraced(function* ({ count }: Reader, prefix: "BSP" | "BLRP", usualDelay: number) {
  const maxQueue = yield* count(`OTEL_${prefix}_MAX_QUEUE_SIZE`, 2048)
  const maxBatch = yield* count(`OTEL_${prefix}_MAX_EXPORT_BATCH_SIZE`, 512)
  const delay = yield* count(`OTEL_${prefix}_SCHEDULE_DELAY`, usualDelay)
  return { delay: Duration.millis(delay), maxQueue, maxBatch: Math.min(maxBatch, maxQueue) }
})

/** On every interface at `METRICS_PORT`; otherwise where OpenTelemetry's variables say, if they ask for it. */
const scraped = Effect.fnUntraced(function* ({ number, text }: Reader) {
  if ((yield* text("METRICS_PORT")) !== undefined)
    return { host: "0.0.0.0", port: yield* number("METRICS_PORT", 9464, 65_535) }
  const exporters = ((yield* text("OTEL_METRICS_EXPORTER")) ?? "").split(",")
  if (!exporters.includes("prometheus")) return undefined
  const host = (yield* text("OTEL_EXPORTER_PROMETHEUS_HOST")) ?? "localhost"
  return { host, port: yield* number("OTEL_EXPORTER_PROMETHEUS_PORT", 9464, 65_535) }
})
