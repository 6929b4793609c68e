import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual, strictEqual } from "@effect/vitest/utils"
import { PaymentService } from "@retro/contract/PaymentService"
import * as OtlpJson from "@retro/process/OtlpJson"
import * as Telemetry from "@retro/process/Telemetry"
import type { EndedSpan } from "@retro/telemetry/EndedSpan"
import * as RecentSpans from "@retro/telemetry/RecentSpans"
import { ConfigProvider, Context, Effect, Either, Layer } from "effect"
import { createServer } from "node:net"
import * as DevSpans from "../src/DevSpans.ts"
import * as OtlpTraces from "../src/OtlpTraces.ts"
import * as Traces from "../src/Traces.ts"
import { browser, open } from "./Browser.ts"

const traceId = (n: number) => n.toString(16).padStart(32, "0")
const spanId = (n: number) => n.toString(16).padStart(16, "0")

/** A span from one millisecond to another. */
const span = (
  [trace, id, parent]: readonly [trace: number, id: number, parent?: number],
  service: string,
  name: string,
  [from, to]: readonly [from: number, to: number],
  more: Partial<EndedSpan> = {}
): EndedSpan => ({
  service,
  traceId: traceId(trace),
  spanId: spanId(id),
  parentSpanId: parent === undefined ? undefined : spanId(parent),
  name,
  kind: "server",
  startNanos: BigInt(from) * 1_000_000n,
  endNanos: BigInt(to) * 1_000_000n,
  attributes: new Map(),
  links: [],
  events: [],
  traceState: undefined,
  errorType: undefined,
  isError: false,
  ...more
})

const declined = { errorType: "CardDeclined", attributes: new Map([["error.type", "CardDeclined"]]) }
const charge = `/${PaymentService.key}/Charge`

/** In the order in which they ended: what is called ends before its caller. */
const spans = [
  span([1, 3, 2], "paymentservice", charge, [120, 160], declined),
  span([1, 2, 1], "checkoutservice", "PlaceOrder", [110, 180], declined),
  span([1, 4, 1], "cartservice", "GetCart", [185, 190]),
  span([1, 1], "frontend", "POST /cart/checkout", [100, 200], {
    attributes: new Map<string, string | number>([["http.response.status_code", 402]])
  }),
  span([2, 5], "frontend", "GET /", [300, 305], { links: [{ span: { traceId: traceId(1), spanId: spanId(1) } }] }),
  span([3, 7, 6], "cartservice", "GetCart", [400, 401]),
  span([4, 8], "frontend", "GET /dev/traces", [500, 501])
]

describe("traces", () => {
  it("come newest first, and their spans below those who called them", () => {
    const traces = Traces.of(spans)
    deepStrictEqual(
      traces.map(({ root }) => root.name),
      ["GET /dev/traces", "GetCart", "GET /", "POST /cart/checkout"]
    )
    const purchase = traces.at(-1)
    deepStrictEqual(
      purchase?.spans.map(({ depth, from, part, span }) => [span.service, depth, from, part]),
      [
        ["frontend", 0, 0, 1],
        ["checkoutservice", 1, 0.1, 0.7],
        ["paymentservice", 2, 0.2, 0.4],
        ["cartservice", 1, 0.85, 0.05]
      ]
    )
    deepStrictEqual(purchase?.services, ["frontend", "checkoutservice", "paymentservice", "cartservice"])
    deepStrictEqual(purchase?.errors, ["CardDeclined"])
    strictEqual(purchase?.nanos, 100_000_000n)
  })

  it("whose callers are not known begin with the first span that is", () => {
    deepStrictEqual(
      Traces.of([span([3, 7, 6], "cartservice", "GetCart", [400, 401])]).map(({ root }) => root.name),
      ["GetCart"]
    )
  })

  it("are found by route, by the beginning of their id, by error and by duration; never the pages about them", () => {
    const found = (wanted: Partial<Traces.Wanted>) =>
      Traces.of(spans)
        .filter(Traces.isWanted({ text: "", only: "all", ...wanted }))
        .map(({ root }) => root.name)
    deepStrictEqual(found({}), ["GetCart", "GET /", "POST /cart/checkout"])
    deepStrictEqual(found({ text: "CHECKOUT" }), ["POST /cart/checkout"])
    deepStrictEqual(found({ text: traceId(2) }), ["GET /"])
    deepStrictEqual(found({ only: "errors" }), ["POST /cart/checkout"])
    deepStrictEqual(found({ only: "slow" }), ["POST /cart/checkout"])
    deepStrictEqual(found({ text: "nothing" }), [])
  })

  it.scopedLive("are shown with what failed, why, and from where they go on", () =>
    Effect.gen(function* () {
      const recent = RecentSpans.make(100)
      spans.forEach(recent.add)
      const { get } = browser(yield* open({}, Layer.succeed(RecentSpans.RecentSpans, recent)))
      assertTrue((yield* get("/")).body.includes('href="/dev/traces"'))
      const list = yield* get("/dev/traces?only=errors")
      assertTrue(list.body.includes(`href="/dev/traces/${traceId(1)}"`) && !list.body.includes(traceId(2)))
      assertTrue(/402, 100 ms\s+<strong class="failed">CardDeclined/.test(list.body))
      const failed = (yield* get(`/dev/traces/${traceId(1)}`)).body
      const rows = failed.split("<details>").slice(1)
      const payment = rows.find((row) => row.includes("paymentservice")) ?? ""
      assertTrue(payment.includes("level 3") && payment.includes('href="/dev/typed-errors#CardDeclined"'))
      assertTrue(payment.includes("The issuer of the card said no."))
      assertTrue((yield* get("/dev/typed-errors")).body.includes('<section id="CardDeclined">'))
      assertTrue((yield* get(`/dev/traces/${traceId(2)}`)).body.includes(`href="/dev/traces/${traceId(1)}"`))
      strictEqual((yield* get(`/dev/traces/${traceId(9)}`)).status, 404)
      const hostile = yield* get(`/dev/traces?q=${encodeURIComponent('"><script>alert(1)</script>')}`)
      assertTrue(hostile.body.includes("No such request") && !hostile.body.includes("<script>alert"))
    })
  )

  it.scopedLive("are a step away from the page they are of, also where that tells of trouble", () =>
    Effect.gen(function* () {
      const kept = RecentSpans.layer(100)
      const { get } = browser(yield* open({}, Layer.orDie(Layer.provideMerge(Telemetry.layer("frontend"), kept))))
      for (const path of ["/", "/nowhere"]) {
        const [, trace = ""] = /href="(\/dev\/traces\/\w+)"/.exec((yield* get(path)).body) ?? []
        strictEqual((yield* get(trace)).status, 200)
      }
    })
  )

  it.scopedLive("are not there where no spans are kept", () =>
    Effect.gen(function* () {
      const { get } = browser(yield* open({}, RecentSpans.layer(0)))
      assertTrue(!(yield* get("/")).body.includes("/dev/traces"))
      for (const path of ["/dev/traces", `/dev/traces/${traceId(1)}`, "/dev/typed-errors"]) {
        strictEqual((yield* get(path)).status, 404)
      }
    })
  )
})

describe("spans of other processes", () => {
  const freePort = Effect.async<number>((resume) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => resume(Effect.succeed(typeof address === "object" ? (address?.port ?? 0) : 0)))
    })
  })

  const kept = (variables: Readonly<Record<string, string>>) =>
    Layer.build(
      Layer.provide(
        DevSpans.layerConfig,
        Layer.setConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(variables))))
      )
    ).pipe(Effect.map((context) => Context.get(context, RecentSpans.RecentSpans)))

  const send = (port: number, body: string, path = "/v1/traces") =>
    Effect.promise(() => fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", body })).pipe(
      Effect.map(({ status }) => status)
    )

  it.effect("are read as they are sent", () =>
    Effect.gen(function* () {
      const sent = spans.filter(({ service }) => service === "frontend")
      deepStrictEqual(yield* OtlpTraces.decode(OtlpJson.traces({ "service.instance.id": "1" }, sent)), sent)
    })
  )

  it.scopedLive("are kept, and what is none is refused", () =>
    Effect.gen(function* () {
      const port = yield* freePort
      const { all } = yield* kept({ DEV_SPANS_PORT: String(port) })
      strictEqual(yield* send(port, OtlpJson.traces({}, spans)), 200)
      deepStrictEqual(new Set((yield* all).map((it) => it.spanId)), new Set(spans.map((it) => it.spanId)))
      strictEqual(yield* send(port, "{"), 400)
      strictEqual(yield* send(port, OtlpJson.traces({}, spans).replaceAll(traceId(1), "<script>")), 400)
      strictEqual(yield* send(port, OtlpJson.traces({}, spans), "/"), 404)
      strictEqual((yield* all).length, spans.length)
    })
  )

  it.scopedLive("are not asked for in production, nor where nobody wants them", () =>
    Effect.gen(function* () {
      const port = yield* freePort
      for (const variables of [{}, { DEV_SPANS_PORT: String(port), NODE_ENV: "production" }]) {
        strictEqual((yield* kept(variables)).capacity, 0)
        assertTrue(Either.isLeft(yield* Effect.either(Effect.tryPromise(() => fetch(`http://127.0.0.1:${port}`)))))
      }
    })
  )
})
