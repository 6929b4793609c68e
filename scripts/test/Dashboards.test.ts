import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { Duration, Effect, Schedule } from "effect"
import { spawn, spawnSync } from "node:child_process"
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { stringify } from "yaml"
import * as Child from "../../packages/process/test/Child.ts"
import * as Shopper from "../../packages/station/purchase/Shopper.ts"
import { dashboards } from "../deploy/observability/Dashboards.ts"
import { count, metrics } from "../deploy/observability/Metrics.ts"
import * as Ports from "../services/Ports.ts"

const needsPrometheus = spawnSync("prometheus", ["--version"]).error === undefined ? it.scopedLive : it.scopedLive.skip

/** What only trouble, a Redis, a central bank or a collector brings about. */
const onTrouble: ReadonlyArray<string> = [
  metrics.partsMissing,
  metrics.ordersRecovered,
  metrics.ordersCompensated,
  metrics.ordersParked,
  metrics.refunds,
  metrics.ratesAge,
  metrics.cartErrors,
  metrics.store,
  metrics.spans
]

const sources = readdirSync("packages", { recursive: true, encoding: "utf8" })
  .filter((path) => /^[\w-]+\/src\/.*\.ts$/.test(path))
  .map((path) => readFileSync(`packages/${path}`, "utf8"))
  .join("\n")

describe("metrics that only trouble brings about", () => {
  it("are named in the code as dashboards name them", () => {
    const conventions = ["db.client.operation.duration", "otel.sdk.processor."]
    const isNamed = (metric: string) => {
      const stem = metric.replace(/_total$/, "").replace(/_seconds$/, "")
      const dotted = conventions.some((name) => stem.startsWith(name.replaceAll(".", "_")))
      return dotted || new RegExp(`"${stem.replaceAll("_", "[._]")}(_seconds)?(_total)?"`).test(sources)
    }
    deepStrictEqual(
      onTrouble.filter((metric) => !isNamed(metric)),
      []
    )
  })
})

/** A Prometheus that asks this machine's `port` every half second, and reckons the rules; its own port. */
const prometheus = (port: number) =>
  Effect.gen(function* () {
    const folder = mkdtempSync(join(tmpdir(), "retro-prometheus-"))
    const own = yield* Ports.free(0, new Set([port]))
    cpSync("deploy/observability/generated/rules.yaml", join(folder, "rules.yaml"))
    const config = {
      global: { scrape_interval: "500ms", scrape_timeout: "500ms", evaluation_interval: "500ms" },
      rule_files: ["rules.yaml"],
      scrape_configs: [{ job_name: "station", static_configs: [{ targets: [`127.0.0.1:${port}`] }] }]
    }
    writeFileSync(join(folder, "prometheus.yaml"), stringify(config))
    const args = [
      `--config.file=${folder}/prometheus.yaml`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=127.0.0.1:${own}`,
      "--log.level=error"
    ]
    yield* Effect.acquireRelease(
      Effect.sync(() => spawn("prometheus", args, { stdio: "ignore" })),
      (child) =>
        Effect.async<void>((resume) => {
          child.once("close", () => resume(Effect.sync(() => rmSync(folder, { recursive: true, force: true }))))
          child.kill("SIGKILL")
        })
    )
    return own
  })

interface Answer {
  readonly data: { readonly result: ReadonlyArray<unknown> }
  readonly error?: string
}

/** How many series a query has for an answer; fails where Prometheus refuses it. */
const ask = (port: number, expr: string) =>
  Effect.tryPromise(async (signal): Promise<number> => {
    const query = expr.replaceAll("$__rate_interval", "1m").replaceAll("$service", ".+")
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(query)}`, { signal })
    const { data, error } = (await response.json()) as Answer
    if (error !== undefined) throw new Error(`${expr}: ${error}`)
    return data.result.length
  })

/** Waits until a query has so many series for an answer, or the test's time is over. */
const until = (port: number, expr: string, least = 1) =>
  ask(port, expr).pipe(
    Effect.filterOrFail((series) => series >= least),
    Effect.retry(Schedule.spaced(Duration.millis(200)))
  )

const buy = Effect.fnUntraced(function* (shopper: Shopper.Shopper, card: string) {
  yield* shopper.get("/")
  yield* shopper.get("/product/OLJCESPC7Z")
  yield* shopper.post("/cart", { product_id: "OLJCESPC7Z", quantity: "1" })
  const form = Shopper.hidden(yield* shopper.get("/cart"), "/cart/checkout")
  return yield* shopper.post("/cart/checkout", {
    ...form,
    email: "someone@example.com",
    street_address: "1 Main St",
    zip_code: "94043",
    city: "Mountain View",
    state: "CA",
    country: "US",
    credit_card_number: card,
    credit_card_expiration_month: "1",
    credit_card_expiration_year: "2039",
    credit_card_cvv: "672"
  })
})

describe("dashboards over a running shop", { timeout: 90_000 }, () => {
  needsPrometheus("have something to show, and ask nothing that Prometheus refuses (needs Debian's prometheus)", () =>
    Effect.gen(function* () {
      const metricsPort = yield* Ports.free(0, new Set())
      const environment = { RATES: "snapshot", METRICS_PORT: String(metricsPort) }
      const shop = yield* Child.start(environment, "scripts/start.mjs", "--port", "0")
      const [port] = (yield* shop.line(/shop +http:\/\/localhost:(\d+)/)).groups
      const shopper = Shopper.make(Number(port))
      const purchases = Effect.all([
        Effect.map(buy(shopper, "4432801561520454"), ({ status }) => status),
        Effect.map(buy(shopper, "4432801561520512"), ({ status }) => status)
      ])
      deepStrictEqual(yield* purchases, [303, 402])

      // A rate is what changes between two looks: one purchase before the first, one after.
      const own = yield* prometheus(metricsPort)
      yield* until(own, count(metrics.pages))
      deepStrictEqual(yield* purchases, [303, 402])
      yield* until(own, "slo:bad_events:ratio_rate5m > -1", 3)
      const queries = dashboards.flatMap(({ panels }) =>
        panels.flatMap((panel) => panel.queries.map(({ expr }) => expr))
      )
      const empty = yield* Effect.filter(queries, (expr) => Effect.map(ask(own, expr), (series) => series === 0))
      deepStrictEqual(
        empty.filter((expr) => !onTrouble.some((metric) => expr.includes(metric))),
        []
      )
      assertTrue(queries.length - empty.length > 20)
    })
  )
})
