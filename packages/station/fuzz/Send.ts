import { Effect, type Scope } from "effect"
import { Agent, request } from "node:http"
import { type ClientHttp2Session, connect as connectHttp2 } from "node:http2"
import { connect } from "node:net"
import type { GrpcCase } from "./GrpcCases.ts"
import type { HttpCase } from "./HttpCases.ts"

/** What came back: a status, or in words what did instead. */
export type Answer = number | "not sent" | "reset" | "silence"

/** How long an answer may take: far longer than any of ours does. */
const patience = "40 seconds"

/** Sends requests over connections that are kept. What node's own client refuses to send is "not sent". */
export const http = (port: number): Effect.Effect<(one: HttpCase) => Effect.Effect<Answer>, never, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => new Agent({ keepAlive: true, maxSockets: 64 })),
      (agent) => Effect.sync(() => agent.destroy())
    ),
    (agent) =>
      ({ body, headers, method, path }) =>
        answered((done) => {
          const length = body === undefined ? {} : { "content-length": String(body.length) }
          const send = (connection: Agent | false) => {
            const asked = request({
              agent: connection,
              port,
              host: "127.0.0.1",
              method,
              path,
              headers: { ...headers, ...length }
            })
            asked.once("response", (response) => {
              response.resume()
              response.once("close", () => done(response.statusCode ?? 0))
            })
            // A connection that is kept may be closed just when it is used again.
            asked.once("error", () => (asked.reusedSocket ? send(false) : done("reset")))
            asked.end(body)
          }
          send(agent)
        })
  )

/** Sends text over a connection of its own: heads that no client would send. The status that comes back, if one does. */
export const raw = (port: number, text: string | Buffer): Effect.Effect<Answer> =>
  answered((done) => {
    const socket = connect(port, "127.0.0.1")
    let back = ""
    socket.on("data", (bytes) => {
      back += bytes.toString("latin1")
      const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(back) ?? []
      if (status !== undefined) {
        done(Number(status))
        socket.destroy()
      }
    })
    socket.once("error", () => done("reset"))
    socket.once("close", () => done("reset"))
    socket.end(text)
  })

/** Sends calls over one HTTP/2 session, and over another where that is closed on us. Their gRPC status. */
export const grpc = (port: number): Effect.Effect<(one: GrpcCase) => Effect.Effect<Answer>, never, Scope.Scope> =>
  Effect.gen(function* () {
    let session: ClientHttp2Session | undefined
    yield* Effect.addFinalizer(() => Effect.sync(() => session?.destroy()))
    const open = () => {
      if (session === undefined || session.closed || session.destroyed) {
        session = connectHttp2(`http://127.0.0.1:${port}`)
        session.on("error", () => undefined)
      }
      return session
    }
    return ({ body, headers, path }) =>
      answered((done) => {
        const stream = open().request({
          ...headers,
          ":method": "POST",
          ":path": path,
          "content-type": "application/grpc",
          te: "trailers"
        })
        const heard = (answer: Readonly<Record<string, unknown>>) => {
          if (answer["grpc-status"] !== undefined) done(Number(answer["grpc-status"]))
        }
        stream.once("response", heard)
        stream.once("trailers", heard)
        stream.once("error", () => done("reset"))
        stream.once("close", () => done("reset"))
        stream.resume()
        stream.end(body)
      })
  })

const answered = (send: (done: (answer: Answer) => void) => void): Effect.Effect<Answer> =>
  Effect.async<Answer>((resume) => {
    try {
      send((answer) => resume(Effect.succeed(answer)))
    } catch {
      resume(Effect.succeed("not sent"))
    }
  }).pipe(Effect.timeoutTo({ duration: patience, onSuccess: (answer) => answer, onTimeout: () => "silence" as const }))

/** Ends streams as fast as they are begun (CVE-2023-44487), and more of what one peer of HTTP/2 can do to another. */
export const abuse = (port: number, streams: number): Effect.Effect<void> =>
  Effect.async<void>((resume) => {
    const session = connectHttp2(`http://127.0.0.1:${port}`)
    session.on("error", () => undefined)
    session.once("close", () => resume(Effect.void))
    session.once("connect", () => {
      for (let begun = 0; begun < streams && !session.closed && !session.destroyed; begun++) {
        const stream = session.request({
          ":method": "POST",
          ":path": "/retrostation.CartService/GetCart",
          "content-type": "application/grpc",
          te: "trailers"
        })
        stream.on("error", () => undefined)
        stream.close(8)
        if (begun % 10 === 0) session.ping(() => undefined)
      }
      setTimeout(() => session.destroy(), 500)
    })
  })

/** Whether somebody answers at that port soon. */
export const isUp = (ask: Effect.Effect<Answer>, expected: number): Effect.Effect<boolean> =>
  ask.pipe(
    Effect.delay("100 millis"),
    Effect.repeat({ until: (answer) => answer === expected, times: 50 }),
    Effect.map((answer) => answer === expected)
  )
