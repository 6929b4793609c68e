import { createServer } from "node:http"
import { connect } from "node:net"
import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual, strictEqual } from "@effect/vitest/utils"
import { Effect } from "effect"
import * as TurnAway from "../src/TurnAway.ts"

/** Turns away what asks for `/full`, and tells others what they sent. */
const server = Effect.acquireRelease(
  Effect.async<{ readonly port: number; readonly close: () => void }>((resume) => {
    const server = createServer((incoming, outgoing) => {
      if (incoming.url === "/full") return TurnAway.answer(outgoing)
      let body = ""
      incoming.on("data", (chunk) => (body += String(chunk)))
      incoming.on("end", () => outgoing.end(`served ${incoming.method} ${body}`))
    })
    const close = () => {
      server.close()
      server.closeAllConnections()
    }
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      resume(Effect.succeed({ port: typeof address === "object" && address !== null ? address.port : 0, close }))
    })
  }),
  ({ close }) => Effect.sync(close)
)

/** What one connection answers to these bytes until it is closed. */
const spoken = (port: number, bytes: string) =>
  Effect.async<string>((resume) => {
    let answer = ""
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes))
    socket.on("data", (chunk) => (answer += String(chunk)))
    socket.on("close", () => resume(Effect.succeed(answer)))
  })

/** Of that, the first line of each answer, and what was served. */
const answers = (port: number, bytes: string) =>
  Effect.map(spoken(port, bytes), (answer) => answer.match(/HTTP\/1.1 \d+|served \w+|very full/g) ?? [])

const request = (line: string, more = "") => `${line}\r\nHost: a\r\n${more}`
const last = request("GET / HTTP/1.1", "Connection: close\r\n\r\n")
const full = ["HTTP/1.1 503", "very full"]
const served = ["HTTP/1.1 200", "served GET"]

describe("a request that is turned away", () => {
  it.scopedLive.each<[string, string, ReadonlyArray<ReadonlyArray<string>>]>([
    ["leaves its connection to the next", request("GET /full HTTP/1.1", "\r\n").repeat(3), [full, full, full]],
    [
      "is answered in its turn, also where nobody waited for the answer before",
      request("GET / HTTP/1.1", "\r\n") + request("GET /full HTTP/1.1", "\r\n"),
      [served, full]
    ],
    [
      "takes its body along, whatever that looks like",
      request("POST /full HTTP/1.1", "Content-Length: 21\r\n\r\nGET /full HTTP/1.1\r\n\r\n") +
        request("POST /full HTTP/1.1", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
      [full, full]
    ],
    ["by HEAD has no body", request("HEAD /full HTTP/1.1", "\r\n"), [["HTTP/1.1 503"]]],
    ["of HTTP/1.0 may keep its connection, too", "GET /full HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", [full]]
  ])("%s", ([, bytes, expected]) =>
    Effect.gen(function* () {
      const { port } = yield* server
      deepStrictEqual(yield* answers(port, bytes + last), [...expected, served].flat())
    })
  )

  it.scopedLive("that is the last of its connection ends it", () =>
    Effect.gen(function* () {
      const { port } = yield* server
      deepStrictEqual(yield* answers(port, request("GET /full HTTP/1.1", "Connection: close\r\n\r\n")), full)
    })
  )

  it.scopedLive("tells a client of HTTP/1.0, which would not know, that its connection is kept", () =>
    Effect.gen(function* () {
      const { port } = yield* server
      const said = yield* spoken(port, "GET /full HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + last)
      assertTrue(/^HTTP\/1\.1 503[^]*\r\nconnection: keep-alive\r\n[^]*HTTP\/1\.1 200/.test(said), said)
    })
  )

  it.scopedLive("says when to come back, to everybody the same", () =>
    Effect.gen(function* () {
      const { port } = yield* server
      const ask = (connection: string) =>
        Effect.async<string>((resume) => {
          let answer = ""
          const socket = connect(port, "127.0.0.1", () =>
            socket.write(request("GET /full HTTP/1.1", `Connection: ${connection}\r\n\r\n`))
          )
          socket.on("data", (chunk) => {
            answer += String(chunk)
            if (answer.endsWith("</html> ")) socket.end()
          })
          socket.on("close", () => resume(Effect.succeed(answer)))
        })
      const said = (answer: string) =>
        answer.split("\r\n").filter((line) => !/^(date|connection|keep-alive):/i.test(line))
      const [kept, closed] = yield* Effect.all([ask("keep-alive"), ask("close")])
      deepStrictEqual(said(kept), said(closed))
      strictEqual(/\r\nretry-after: (\d+)\r\n/.exec(kept)?.[1], "2")
    })
  )
})
