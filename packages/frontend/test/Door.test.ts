import { createServer, type Server } from "node:http"
import { Duplex } from "node:stream"
import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual, strictEqual } from "@effect/vitest/utils"
import { Effect, FastCheck } from "effect"
import * as Door from "../src/Door.ts"
import * as TurnAway from "../src/TurnAway.ts"

/** A server that turns away what asks for `/full`, with a door or without one, and echoes the rest, some of it later. */
const server = (hasDoor: boolean) => {
  let refusedAtTheDoor = 0
  const door = Door.make((target) => {
    if (!target.startsWith("/full")) return undefined
    refusedAtTheDoor++
    return TurnAway.response
  })
  const http = createServer((incoming, outgoing) => {
    outgoing.sendDate = false
    if (hasDoor) door.passed(incoming, outgoing)
    if (incoming.url?.startsWith("/full") === true) {
      if (hasDoor) door.guard(incoming, outgoing)
      return TurnAway.answer(outgoing)
    }
    if (incoming.url === "/bye") outgoing.shouldKeepAlive = false
    let body = ""
    incoming.on("data", (chunk) => (body += String(chunk)))
    incoming.on("end", () => {
      const echo = () => outgoing.end(`${incoming.method} ${incoming.url} ${JSON.stringify(incoming.headers)} ${body}`)
      if (incoming.url === "/later") setImmediate(() => setImmediate(() => setImmediate(echo)))
      else echo()
    })
  })
  return { http, refusedAtTheDoor: () => refusedAtTheDoor }
}

/** A connection to that server whose bytes arrive in the pieces in which they are sent; `takes` what is answered, or not. */
const connect = (server: Server, takes = true) => {
  let answer = ""
  const socket = new Duplex({
    read: () => {},
    write: (chunk, _encoding, written) => {
      answer += String(chunk)
      if (takes) written()
    }
  })
  server.emit("connection", socket)
  return {
    socket,
    answer: () => answer,
    /** Sends a piece and lets the server do what it can do at once. */
    send: (piece: string) =>
      Effect.async<void>((resume) => {
        if (!socket.destroyed && piece !== "") socket.push(piece, "latin1")
        setImmediate(() => setImmediate(() => resume(Effect.void)))
      })
  }
}

/** What is answered to these pieces, when nothing is left to be answered. */
const answerTo = ({ http }: ReturnType<typeof server>, pieces: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const connection = connect(http)
    for (const piece of pieces) yield* connection.send(piece)
    for (let n = 0; n < 10; n++) yield* connection.send("")
    if (!connection.socket.destroyed) connection.socket.push(null)
    yield* Effect.repeat(connection.send(""), { until: () => connection.socket.destroyed })
    return connection.answer()
  })

const get = (target: string, ...fields: ReadonlyArray<string>) =>
  `GET ${target} HTTP/1.1\r\nHost: a\r\n${fields.map((field) => `${field}\r\n`).join("")}\r\n`

const full = get("/full")

const count = (text: string, part: string) => text.split(part).length - 1

describe("the door", () => {
  it.live("turns a request away without the parser, once its connection has been turned away", () =>
    Effect.gen(function* () {
      const it = server(true)
      const answer = yield* answerTo(it, [full, full, full, get("/"), full])
      deepStrictEqual([count(answer, "HTTP/1.1 503"), it.refusedAtTheDoor()], [4, 2])
    })
  )

  it.live.each<[string, ReadonlyArray<string>]>([
    ["the end of a request whose beginning came before", ["POST /a HTTP/1.1\r\nHost: a\r\nX: ", full]],
    ["a body that was announced there", ["POST /full HTTP/1.1\r\nHost: a\r\nContent-Length: 9999\r\nX: ", full, full]],
    ["a body that looks like a request", [get("/a", `Content-Length: ${full.length}`), full]],
    ["such a body in pieces", [get("/a", "Transfer-Encoding: chunked"), `${full.length.toString(16)}\r\n`, full]],
    [
      "the body of a request that expects what nobody does",
      [get("/a"), "GET /a HTTP/1.1\r\nHost: a\r\nExpect: x\r\nContent-Length: 9999\r\nX: ", full, full]
    ],
    ["such a body after another request", [get("/a") + get("/b", "Expect: x", "Content-Length: 9999"), full]],
    ["what comes after an answer that ends the connection", [get("/bye"), full]],
    ["what comes while an answer before it is owed", [get("/a"), get("/later"), full]],
    ["a request that brings a body", [get("/full", "Content-Length: 2"), "ab"]],
    ["a request that ends its connection", [get("/full", "Connection: close"), full]],
    ["one that says so to a proxy", [get("/full", "Proxy-Connection: close"), full]],
    ["a request of HTTP/1.0", ["GET /full HTTP/1.0\r\nHost: a\r\n\r\n", full]],
    ["a request without a host", ["GET /full HTTP/1.1\r\nX: host:\r\n\r\n"]],
    ["HEAD", ["HEAD /full HTTP/1.1\r\nHost: a\r\n\r\n"]],
    ["two at once", [full + full]],
    ["the half of one", [full.slice(0, 20), full.slice(20)]],
    ["a request that is not to be turned away", [get("/order/1")]]
  ])("leaves to the parser %s", ([, pieces]) =>
    Effect.gen(function* () {
      const it = server(true)
      const begun = [full, ...pieces]
      const expected = yield* answerTo(server(false), begun)
      strictEqual(yield* answerTo(it, begun), expected)
      strictEqual(it.refusedAtTheDoor(), 0)
    })
  )

  it.live(
    "makes no difference to any bytes in any pieces",
    () =>
      Effect.gen(function* () {
        const [door, plain] = [server(true), server(false)]
        for (const pieces of FastCheck.sample(conversation, { numRuns: 1000, seed: 1 })) {
          const [one, other] = yield* Effect.all([answerTo(door, pieces), answerTo(plain, pieces)], {
            concurrency: "unbounded"
          })
          deepStrictEqual([pieces, one], [pieces, other])
        }
        assertTrue(door.refusedAtTheDoor() > 250, String(door.refusedAtTheDoor()))
      }),
    60_000
  )

  it.live("stands before a connection once, however often that is turned away", () =>
    Effect.gen(function* () {
      const { send, socket } = connect(server(true).http)
      yield* send(full)
      const [listener] = socket.listeners("data")
      yield* send(full + full)
      strictEqual(socket.listeners("data")[0], listener)
    })
  )

  it.live("keeps no answers for a client that takes none", () =>
    Effect.gen(function* () {
      const { http } = server(true)
      const { send, socket } = connect(http, false)
      for (let n = 0; n < 500; n++) yield* send(full)
      assertTrue(socket.writableLength < 2 * socket.writableHighWaterMark, String(socket.writableLength))
    })
  )
})

/** A field of a head that a door might stumble over. */
const field = FastCheck.oneof(
  { weight: 4, arbitrary: FastCheck.constantFrom("Accept: */*", "Cookie: a=b; c=d", "X-Y: ü\t~") },
  FastCheck.constantFrom(
    "Connection: close",
    "connection: keep-alive",
    "Connection:close",
    "CONNECTION: keep-alive, close",
    "Proxy-Connection: close",
    "Content-Length: 0",
    "content-length: 5",
    "Transfer-Encoding: chunked",
    "transfer-encoding : chunked",
    "Expect: 100-continue",
    "Upgrade: h2c",
    "Host: b",
    " folded",
    "X:\0",
    "X Y: z",
    "X\n",
    ""
  )
)

const head = FastCheck.tuple(
  FastCheck.oneof({ weight: 8, arbitrary: FastCheck.constant("GET") }, FastCheck.constantFrom("HEAD", "POST", "get")),
  FastCheck.oneof(
    { weight: 6, arbitrary: FastCheck.constantFrom("/full", "/full?a=b", "/later", "/bye") },
    FastCheck.constantFrom("http://a/full", "*", "/full x", "/full\x7f", '/full"<>^|'),
    FastCheck.string({ maxLength: 4 }).map((text) => `/full${text}`)
  ),
  FastCheck.oneof(
    { weight: 8, arbitrary: FastCheck.constant("HTTP/1.1") },
    FastCheck.constantFrom("HTTP/1.0", "http/1.1", "HTTP/2.0", "HTTP/1.1 ")
  ),
  FastCheck.oneof({ weight: 8, arbitrary: FastCheck.constant(["Host: a"]) }, FastCheck.constant([])),
  FastCheck.array(field, { maxLength: 2 })
).map(
  ([method, target, version, host, fields]) =>
    `${method} ${target} ${version}\r\n${[...host, ...fields].map((line) => `${line}\r\n`).join("")}\r\n`
)

/** Requests, most of them good, with what is no request between them, as one text. */
const bytes = FastCheck.array(
  FastCheck.oneof(
    { weight: 6, arbitrary: FastCheck.constantFrom(full, get("/full", "Cookie: a=b"), get("/")) },
    { weight: 4, arbitrary: head },
    FastCheck.constantFrom("\r\n", "\n", "abcde", "5\r\nabcde\r\n0\r\n\r\n", "GET /a HTTP/1.1\r\nX: ", "G")
  ),
  { maxLength: 6 }
)

/** A connection's bytes in pieces: mostly where requests end, also anywhere. */
const conversation = FastCheck.tuple(
  bytes,
  FastCheck.array(FastCheck.double({ min: 0, max: 1, noNaN: true }), { maxLength: 2 })
).map(([texts, cuts]) => {
  const pieces = [full, ...texts]
  for (const cut of cuts) {
    const at = Math.floor(cut * pieces.length * 0.999)
    const piece = pieces[at] ?? ""
    const within = Math.floor(((cut * pieces.length * 0.999) % 1) * piece.length)
    pieces.splice(at, 1, piece.slice(0, within), piece.slice(within))
  }
  return pieces.filter((piece) => piece !== "")
})
