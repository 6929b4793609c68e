import { subscribe, unsubscribe } from "node:diagnostics_channel"
import { Agent, request } from "node:http"
import { connect, type Socket } from "node:net"
import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual, strictEqual } from "@effect/vitest/utils"
import {
  Config,
  ConfigProvider,
  Context,
  Deferred,
  Duration,
  Effect,
  Exit,
  Fiber,
  FiberRef,
  Layer,
  Scope
} from "effect"
import type * as Admission from "../src/Admission.ts"
import * as HttpServer from "../src/HttpServer.ts"
import * as Response from "../src/Response.ts"

const anyPort = Layer.setConfigProvider(ConfigProvider.fromMap(new Map([["PORT", "0"]])))

/** As busy as one request makes it. */
const narrow = Layer.setConfigProvider(
  ConfigProvider.fromMap(
    new Map([
      ["PORT", "0"],
      ["HTTP_MAX_IN_FLIGHT", "1"]
    ])
  )
)

const serve = (app: HttpServer.App, config: Layer.Layer<never> = anyPort, admission?: Admission.Admission) =>
  Effect.map(
    Layer.build(
      HttpServer.layer(Effect.succeed(app), admission && Config.succeed(() => admission)).pipe(Layer.provide(config))
    ),
    (context) => Context.get(context, HttpServer.HttpServer).port
  )

const get = (port: number, init: RequestInit = {}, path = "/") =>
  Effect.promise(async (signal) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { signal, ...init })
    return { status: answer.status, headers: answer.headers, body: await answer.text() }
  })

/** What a connection answers until it is closed: to these bytes, and to more of them after each answer. */
const raw = (port: number, bytes: string, ...more: Array<string>) =>
  Effect.async<string>((resume) => {
    let answer = ""
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes))
    socket.on("data", (chunk) => {
      answer += String(chunk)
      socket.write(more.shift() ?? "")
    })
    socket.on("error", () => {})
    socket.on("close", () => resume(Effect.succeed(answer)))
  })

const hello: HttpServer.App = ({ method, path, query }) =>
  Effect.succeed(Response.text(200, `${method} ${path} ${query}`))

describe("the web server", () => {
  it.scopedLive("answers with what the app makes of a request", () =>
    Effect.gen(function* () {
      const port = yield* serve(hello)
      const { body, headers } = yield* get(port, {}, "/a%20b?c=d?e")
      strictEqual(body, "GET /a%20b c=d?e")
      strictEqual(headers.get("content-length"), String(body.length))
    })
  )

  it.scopedLive("answers HEAD with the head of GET", () =>
    Effect.gen(function* () {
      const port = yield* serve(hello)
      const { body, headers } = yield* get(port, { method: "HEAD" })
      strictEqual(body, "")
      strictEqual(headers.get("content-length"), "7")
    })
  )

  it.scopedLive("takes a target with scheme and host as the path in it", () =>
    Effect.gen(function* () {
      const port = yield* serve(hello)
      const answer = yield* raw(port, "GET http://elsewhere.test/x?y HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
      assertTrue(answer.endsWith("GET /x y"))
    })
  )

  it.scopedLive("D20: a defect of the app is a 500 without a word of it", () =>
    Effect.gen(function* () {
      const port = yield* serve(() => Effect.die(new Error("secret")))
      const { body, status } = yield* get(port)
      strictEqual(status, 500)
      assertTrue(!body.includes("secret") && !body.includes("at "))
    })
  )

  it.scopedLive("interrupts what a client that went away asked for", () =>
    Effect.gen(function* () {
      const begun = yield* Deferred.make<void>()
      const stopped = yield* Deferred.make<void>()
      const port = yield* serve(() =>
        Deferred.succeed(begun, undefined).pipe(
          Effect.zipRight(Effect.never),
          Effect.onInterrupt(() => Deferred.succeed(stopped, undefined))
        )
      )
      const socket = connect(port, "127.0.0.1", () => socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
      yield* Deferred.await(begun)
      socket.destroy()
      yield* Deferred.await(stopped)
    })
  )

  it.scopedLive("refuses a body above 64 kB, whether it says its length or not, and answers the next request", () =>
    Effect.gen(function* () {
      const port = yield* serve((incoming) =>
        Effect.match(incoming.body, {
          onFailure: ({ _tag }) => Response.text(413, _tag),
          onSuccess: (body) => Response.text(200, String(body.length))
        })
      )
      const most = "x".repeat(64 * 1024)
      strictEqual((yield* get(port, { method: "POST", body: most })).body, "65536")
      strictEqual((yield* get(port, { method: "POST", body: `${most}x` })).status, 413)
      strictEqual((yield* get(port, { method: "POST", body: "x".repeat(1_000_000) })).status, 413)
      strictEqual(yield* chunked(port, 1_000_000), 413)
      strictEqual((yield* get(port, { method: "POST", body: "again" })).body, "5")
    })
  )

  it.scopedLive("refuses heads above 16 kB", () =>
    Effect.gen(function* () {
      const port = yield* serve(hello)
      strictEqual((yield* get(port, { headers: { cookie: "x".repeat(20_000) } })).status, 431)
    })
  )

  it.scopedLive(
    "D33: gives slow and idle clients a limited time",
    () =>
      Effect.gen(function* () {
        const begun = yield* Deferred.make<void>()
        const [port, full] = yield* Effect.all([
          serve(hello),
          serve(() => Effect.zipRight(Deferred.succeed(begun, undefined), Effect.never), narrow)
        ])
        yield* Effect.forkScoped(get(full))
        yield* Deferred.await(begun)
        const slow = "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: "
        const [answer, atTheDoor] = yield* Effect.all(
          [raw(port, slow), raw(full, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", slow)],
          { concurrency: 2 }
        ).pipe(Effect.timeoutTo({ duration: "9 seconds", onSuccess: (texts) => texts, onTimeout: () => ["", ""] }))
        assertTrue(answer?.startsWith("HTTP/1.1 408") === true)
        deepStrictEqual(atTheDoor?.match(/HTTP\/1.1 \d+/g), ["HTTP/1.1 503", "HTTP/1.1 408"])
      }),
    10_000
  )

  it.scopedLive.each([
    [true, "/", "false"],
    [true, "/order/1", "true"],
    [true, "/cart/checkout", "true"],
    [false, "/", "true"]
  ] as const)("makes spans where nobody is refused (or is: %s) and of orders always: of %s %s", (law) =>
    Effect.gen(function* () {
      const [isBusy, path, isTraced] = law
      const admission = { refuses: () => false, admit: (_: unknown, { begin }: Admission.Request) => begin(isBusy) }
      const tracing: HttpServer.App = () =>
        Effect.map(FiberRef.get(FiberRef.currentTracerEnabled), (isTraced) => Response.text(200, `${isTraced}`))
      strictEqual((yield* get(yield* serve(tracing, anyPort, admission), {}, path)).body, isTraced)
    })
  )

  it.scopedLive("D33: when it stops it finishes what it has begun, takes nothing new, and is gone", () =>
    Effect.gen(function* () {
      const begun = yield* Deferred.make<void>()
      const go = yield* Deferred.make<void>()
      const scope = yield* Scope.make()
      const port = yield* Scope.extend(
        serve(() =>
          Deferred.succeed(begun, undefined).pipe(
            Effect.zipRight(Deferred.await(go)),
            Effect.as(Response.text(200, "done"))
          )
        ),
        scope
      )
      const pending = yield* Effect.fork(get(port))
      yield* Deferred.await(begun)
      const stopping = yield* Effect.fork(Scope.close(scope, Exit.void))
      yield* Effect.repeat(refused(port), { until: (isRefused) => isRefused })
      yield* Deferred.succeed(go, undefined)
      const { body, headers } = yield* Fiber.join(pending)
      deepStrictEqual([body, headers.get("connection")], ["done", "close"])
      yield* Fiber.join(stopping)
    })
  )

  it.scopedLive("D33: when it stops it answers what was on its way on a connection kept alive, the last there", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const port = yield* Scope.extend(serve(hello), scope)
      const agent = yield* oneConnection
      deepStrictEqual(yield* over(agent, port), [200, "keep-alive"])
      const [, last] = yield* Effect.all([Scope.close(scope, Exit.void), over(agent, port)], { concurrency: 2 })
      deepStrictEqual(last, [200, "close"])
    })
  )

  it.scopedLive(
    "D33: when it is full it refuses at the door, begins there what goes on with an order, and stops as ever",
    () =>
      Effect.gen(function* () {
        const go = yield* Deferred.make<void>()
        const begun = yield* Deferred.make<void>()
        const scope = yield* Scope.make()
        const port = yield* Scope.extend(
          serve(
            (request) =>
              request.path === "/long"
                ? Effect.zipRight(
                    Deferred.succeed(begun, undefined),
                    Effect.zipRight(Deferred.await(go), hello(request))
                  )
                : hello(request),
            narrow
          ),
          scope
        )
        const long = yield* Effect.fork(get(port, {}, "/long"))
        yield* Deferred.await(begun)
        const agent = yield* oneConnection
        const parsed = yield* parsedRequests
        const answers = yield* Effect.forEach(["/", "/", "/", "/", "/order/1", "/", "/"], (path) =>
          over(agent, port, path)
        )
        deepStrictEqual(
          answers.map(([status]) => status),
          [503, 503, 503, 503, 200, 503, 503]
        )
        // The one that was refused first, the next, which shows where requests begin, and the one that was begun.
        strictEqual(parsed(), 3)
        const [, last] = yield* Effect.all(
          [Scope.close(scope, Exit.void), Effect.ensuring(over(agent, port), Deferred.succeed(go, undefined))],
          { concurrency: 2 }
        )
        deepStrictEqual(last, [503, "close"])
        strictEqual((yield* Fiber.join(long)).status, 200)
      })
  )

  it.scopedLive("D33: connections that carry nothing do not keep it from stopping", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const port = yield* Scope.extend(serve(hello), scope)
      const idle = yield* Effect.acquireRelease(
        Effect.async<Socket>((resume) => {
          const socket = connect(port, "127.0.0.1", () => resume(Effect.succeed(socket)))
        }),
        (socket) => Effect.sync(() => socket.destroy())
      )
      yield* get(port)
      const [took] = yield* Effect.timed(Scope.close(scope, Exit.void))
      assertTrue(Duration.lessThan(took, "2 seconds"))
      assertTrue(idle.destroyed || (yield* refused(port)))
    })
  )

  it.scopedLive("listens where HOST says, and nowhere else", () =>
    Effect.gen(function* () {
      const there = new Map([
        ["PORT", "0"],
        ["HOST", "127.0.0.2"]
      ])
      const port = yield* serve(hello, Layer.setConfigProvider(ConfigProvider.fromMap(there)))
      deepStrictEqual([yield* refused(port, "127.0.0.1"), yield* refused(port, "127.0.0.2")], [true, false])
      const nowhere = Layer.setConfigProvider(ConfigProvider.fromMap(new Map([...there, ["HOST", "192.0.2.1"]])))
      const error = yield* Effect.flip(serve(hello, nowhere))
      assertTrue(error.message.includes("HOST"))
    })
  )

  it.scopedLive("says that its port is taken", () =>
    Effect.gen(function* () {
      const port = yield* serve(hello)
      const taken = Layer.setConfigProvider(ConfigProvider.fromMap(new Map([["PORT", String(port)]])))
      const error = yield* Effect.flip(serve(hello, taken))
      deepStrictEqual(error._tag === "CannotListen" && [error.port, error.code], [port, "EADDRINUSE"])
      assertTrue(error.message.includes(String(port)))
    })
  )

  it.scopedLive.each(["x", "70000", "-1", "8080.5"])("refuses %s as a port", (port) =>
    Effect.gen(function* () {
      const config = Layer.setConfigProvider(ConfigProvider.fromMap(new Map([["PORT", port]])))
      const error = yield* Effect.flip(serve(hello, config))
      strictEqual(error._tag, "ConfigError")
    })
  )
})

const chunked = (port: number, size: number) =>
  Effect.async<number | undefined>((resume) => {
    const outgoing = request({ port, method: "POST", headers: { "transfer-encoding": "chunked" } }, (answer) => {
      answer.resume()
      resume(Effect.succeed(answer.statusCode))
    })
    outgoing.on("error", () => {})
    outgoing.end("x".repeat(size))
  })

const oneConnection = Effect.acquireRelease(
  Effect.sync(() => new Agent({ keepAlive: true, maxSockets: 1 })),
  (agent) => Effect.sync(() => agent.destroy())
)

/** How many requests node's parser has read since. */
const parsedRequests = Effect.map(
  Effect.acquireRelease(
    Effect.sync(() => {
      const counted = { requests: 0, count: () => void counted.requests++ }
      subscribe("http.server.request.start", counted.count)
      return counted
    }),
    ({ count }) => Effect.sync(() => unsubscribe("http.server.request.start", count))
  ),
  (counted) => () => counted.requests
)

/** The status of an answer over one of the agent's connections, and what is to become of that. */
const over = (agent: Agent, port: number, path = "/") =>
  Effect.async<readonly [number | undefined, string | undefined], Error>((resume) => {
    const outgoing = request({ port, agent, path }, (answer) => {
      answer.resume()
      answer.once("end", () => resume(Effect.succeed([answer.statusCode, answer.headers.connection])))
    })
    outgoing.on("error", (error) => resume(Effect.fail(error)))
    outgoing.end()
  })

const refused = (port: number, host = "127.0.0.1") =>
  Effect.async<boolean>((resume) => {
    const socket = connect(port, host)
    socket.on("connect", () => {
      socket.destroy()
      resume(Effect.succeed(false))
    })
    socket.on("error", () => resume(Effect.succeed(true)))
  })
