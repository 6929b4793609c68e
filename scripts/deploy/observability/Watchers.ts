/** A program of others that watches the shop, as containers run it: here and in a cluster, the same. */
export interface Watcher {
  readonly name: string
  /** With its version, and pinned by its digest. */
  readonly image: string
  /** The number of its user in that image. */
  readonly user: number
  readonly args?: ReadonlyArray<string>
  /** By name; one of them answers `health`. */
  readonly ports: Readonly<Record<string, number>>
  readonly health: { readonly port: string; readonly path: string }
  /** Folders in which it finds files of `deploy/observability`, by their folder and names there. */
  readonly files: Readonly<Record<string, ReadonlyArray<string>>>
  /** Folders that it writes to. Nothing in them outlives it. */
  readonly scratch?: ReadonlyArray<string>
  /** What it needs, and the most that it may take. */
  readonly memory: readonly [request: string, limit: string]
}

/** Takes what tiers tell over OTLP, hands on traces, and has metrics ready to be asked for. */
const collector = {
  name: "otel-collector",
  image:
    "docker.io/otel/opentelemetry-collector-contrib:0.152.0@sha256:f41d7995565df3733b7568702073a9c490792f9c6ac60684fe6a4da21a313f8d",
  user: 10001,
  args: ["--config=/etc/otelcol/collector.yaml"],
  ports: { "http-otlp": 4318, "http-metrics": 8889, "http-health": 13133 },
  health: { port: "http-health", path: "/" },
  files: { "/etc/otelcol": ["config/collector.yaml"] },
  memory: ["128Mi", "256Mi"]
} as const satisfies Watcher

/** Keeps the last traces, and shows them. 2.20 is the last with the interface that Grafana asks. */
const jaeger = {
  name: "jaeger",
  image:
    "docker.io/jaegertracing/jaeger:2.20.0@sha256:46a886260e04002d8f45e213fc39063fa11a50446048fdaa64786fc0840cb9f8",
  user: 10001,
  args: ["--config=/etc/jaeger/jaeger.yaml"],
  ports: { "grpc-otlp": 4317, "http-web": 16686, "http-health": 13133 },
  health: { port: "http-health", path: "/status" },
  files: { "/etc/jaeger": ["config/jaeger.yaml"] },
  memory: ["128Mi", "512Mi"]
} as const satisfies Watcher

/** Asks the collector for metrics, keeps them, and reckons promises and alerts. */
const prometheus = {
  name: "prometheus",
  image: "docker.io/prom/prometheus:v3.11.3@sha256:e4254400b85610324913f0dc4acf92603d9984e7519414c5a12811aa6146acc3",
  user: 65534,
  args: [
    "--config.file=/etc/prometheus/prometheus.yaml",
    "--storage.tsdb.path=/prometheus",
    "--storage.tsdb.retention.time=4d",
    "--enable-feature=exemplar-storage"
  ],
  ports: { "http-web": 9090 },
  health: { port: "http-web", path: "/-/ready" },
  files: { "/etc/prometheus": ["config/prometheus.yaml", "generated/rules.yaml"] },
  scratch: ["/prometheus"],
  memory: ["256Mi", "512Mi"]
} as const satisfies Watcher

/** Draws the dashboards. Whoever reaches it may look, and nobody may change anything. */
const grafana = {
  name: "grafana",
  image: "docker.io/grafana/grafana:12.3.1@sha256:2175aaa91c96733d86d31cf270d5310b278654b03f5718c59de12a865380a31f",
  user: 472,
  ports: { "http-web": 3000 },
  health: { port: "http-web", path: "/api/health" },
  files: {
    "/etc/grafana": ["config/grafana.ini"],
    "/etc/grafana/provisioning/datasources": ["config/datasources.yaml"],
    "/etc/grafana/provisioning/dashboards": ["config/dashboards.yaml"],
    "/etc/grafana/dashboards": [
      "generated/retro-shop.json",
      "generated/retro-services.json",
      "generated/retro-orders.json",
      "generated/retro-slos.json"
    ]
  },
  scratch: ["/var/lib/grafana", "/tmp"],
  memory: ["128Mi", "256Mi"]
} as const satisfies Watcher

/** Everything that watches the shop. */
export const watchers = { collector, jaeger, prometheus, grafana } as const satisfies Readonly<Record<string, Watcher>>

/** The same as a list. */
export const all: ReadonlyArray<Watcher> = Object.values(watchers)
