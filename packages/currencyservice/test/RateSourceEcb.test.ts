import { FetchHttpClient } from "@effect/platform"
import { describe, it } from "@effect/vitest"
import { assertEquals, assertLeft, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import * as RecentSpans from "@retro/telemetry/RecentSpans"
import * as Sampler from "@retro/telemetry/Sampler"
import * as SpanTracer from "@retro/telemetry/SpanTracer"
import { ConfigProvider, type Duration, Effect, Either, Layer } from "effect"
import { readFileSync, writeFileSync } from "node:fs"
import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { RatesRefused } from "../src/RateTable.ts"
import { layerFile, RateSource, RatesUnreachable } from "../src/RateSource.ts"
import * as Ecb from "../src/RateSourceEcb.ts"

const published = readFileSync(new URL("../eurofxref-daily.xml", import.meta.url), "utf8")

type Answer = (response: ServerResponse) => void

/** A bank on a free port of this machine that answers its nth request as the nth listener does, the last from then on. */
const bank = (...answers: ReadonlyArray<Answer>) =>
  Effect.gen(function* () {
    let asked = 0
    let headers: IncomingHttpHeaders = {}
    const listener: RequestListener = (request, response) => {
      headers = request.headers
      answers[Math.min(asked++, answers.length - 1)]?.(response)
    }
    const server = yield* Effect.acquireRelease(
      Effect.async<ReturnType<typeof createServer>>((resume) => {
        const server = createServer(listener).listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
      }),
      (server) =>
        Effect.async<void>((resume) => {
          server.close(() => resume(Effect.void))
          server.closeAllConnections()
        })
    )
    const address = server.address()
    const url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/daily.xml`
    return { url, asked: () => asked, headers: () => headers }
  })

const ok = (body: string) => (response: ServerResponse) => {
  response.writeHead(200, { "content-type": "text/xml" }).end(body)
}
const status = (code: number) => (response: ServerResponse) => {
  response.writeHead(code).end("no")
}
const inPieces = (response: ServerResponse) => {
  response.writeHead(200)
  const pieces = published.match(/[^]{1,40}/g) ?? []
  const next = () => {
    const piece = pieces.shift()
    if (piece === undefined) response.end()
    else response.write(piece, () => setImmediate(next))
  }
  next()
}
const silent = () => {}
const stalled = (response: ServerResponse) => void response.writeHead(200).write(published.slice(0, 300))
const endless = (response: ServerResponse) => {
  response.writeHead(200)
  const more = () => {
    if (!response.destroyed) response.write(" ".repeat(8192), () => setImmediate(more))
  }
  more()
}
const hangsUp = (response: ServerResponse) => void response.destroy()

const fetch = (url: string, timeout: Duration.DurationInput) =>
  Effect.gen(function* () {
    const source = yield* Ecb.make({ url: new URL(url), timeout, retries: 2, backOff: "5 millis" })
    return yield* Effect.either(source.fetch)
  }).pipe(Effect.provide(FetchHttpClient.layer))

const dateWithin = Effect.fnUntraced(function* (timeout: Duration.DurationInput, ...answers: ReadonlyArray<Answer>) {
  const { asked, url } = yield* bank(...answers)
  const result = Either.map(yield* fetch(url, timeout), ({ date }) => date)
  return { result, asked: asked() }
}, Effect.scoped)

const dateFrom = (...answers: ReadonlyArray<Answer>) => dateWithin("1 minute", ...answers)

const unreachable = (reason: string) => new RatesUnreachable({ reason })

describe("the European Central Bank over HTTP", () => {
  it.live("gives the table it publishes, in one piece or in many", () =>
    Effect.gen(function* () {
      for (const answer of [ok(published), inPieces]) {
        const { asked, result } = yield* dateFrom(answer)
        assertTrue(Either.isRight(result) && result.right === "2026-10-02")
        assertEquals(asked, 1)
      }
    })
  )

  it.live("is asked again after a failure", () =>
    Effect.gen(function* () {
      const { asked, result } = yield* dateFrom(status(500), hangsUp, ok(published))
      assertTrue(Either.isRight(result))
      assertEquals(asked, 3)
    })
  )

  it.live("is given up after the last attempt", () =>
    Effect.gen(function* () {
      const { asked, result } = yield* dateFrom(status(500))
      assertEquals(result, Either.left(unreachable("StatusCode 500")))
      assertEquals(asked, 3)
    })
  )

  it.live("is not waited for longer than the time-out, silent from the start or in the middle", () =>
    Effect.gen(function* () {
      for (const answer of [silent, stalled]) {
        const { asked, result } = yield* dateWithin("100 millis", answer)
        assertEquals(result, Either.left(unreachable("no answer in time")))
        assertEquals(asked, 3)
      }
    })
  )

  it.live("is refused at once when it sends garbage, and is not asked again for it", () =>
    Effect.gen(function* () {
      const { asked, result } = yield* dateFrom(ok(published.slice(0, 700)))
      assertEquals(result, Either.left(new RatesRefused({ reason: "not-xml", at: "" })))
      assertEquals(asked, 1)
    })
  )

  it.live("is read no further than a table can be long", () =>
    Effect.gen(function* () {
      const { asked, result } = yield* dateFrom(endless)
      assertEquals(result, Either.left(new RatesRefused({ reason: "too-large", at: "" })))
      assertEquals(asked, 1)
    })
  )

  it.live("is unreachable when nobody listens", () =>
    Effect.gen(function* () {
      const { url } = yield* Effect.scoped(bank(silent))
      assertEquals(
        Either.map(yield* fetch(url, "1 minute"), () => ""),
        Either.left(unreachable("Transport"))
      )
    })
  )

  it.scopedLive("learns nothing of our traces; they show each attempt, and no value of the address's query", () =>
    Effect.gen(function* () {
      const { headers, url } = yield* bank(status(500), ok(published))
      const { add, all } = RecentSpans.make(10)
      const tracer = SpanTracer.make("currencyservice", { sampler: Sampler.always, exporter: add })
      yield* Effect.withTracer(fetch(`${url}?key=s3cret`, "1 minute"), tracer)
      const spans = yield* all
      const shown = {
        "http.request.method": "GET",
        "server.address": "127.0.0.1",
        "server.port": Number(new URL(url).port),
        "url.full": `${url}?key=REDACTED`
      }
      deepStrictEqual(
        spans.map(({ attributes, kind, name }) => [kind, name, Object.fromEntries(attributes)]),
        [
          ["client", "GET", { ...shown, "http.response.status_code": 500, "error.type": "RatesUnreachable" }],
          ["client", "GET", { ...shown, "http.response.status_code": 200 }]
        ]
      )
      deepStrictEqual([headers()["traceparent"], headers()["b3"]], [undefined, undefined])
    })
  )

  it.scopedLive("is where ECB_RATES_URL says, by default the bank itself", () =>
    Effect.gen(function* () {
      const { url } = yield* bank(ok(published))
      const layer = Ecb.layerEcb.pipe(
        Layer.provide(FetchHttpClient.layer),
        Layer.provide(Layer.setConfigProvider(ConfigProvider.fromMap(new Map([["ECB_RATES_URL", url]]))))
      )
      const { date } = yield* Effect.flatMap(RateSource, ({ fetch }) => fetch).pipe(Effect.provide(layer))
      assertEquals(date, "2026-10-02")
      const byDefault = yield* Ecb.url.pipe(Effect.withConfigProvider(ConfigProvider.fromMap(new Map())))
      assertEquals(byDefault.href, "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml")
    })
  )
})

describe("a file of rates", () => {
  const fetch = (path: string) => Effect.flatMap(RateSource, ({ fetch }) => fetch).pipe(Effect.provide(layerFile(path)))

  it.live("is read like the bank's, or is unreachable", () =>
    Effect.gen(function* () {
      const path = join(tmpdir(), `eurofxref-${process.pid}.xml`)
      writeFileSync(path, published)
      assertEquals((yield* fetch(path)).date, "2026-10-02")
      assertLeft(yield* Effect.either(fetch(`${path}.none`)), unreachable("the file cannot be read"))
    })
  )
})
