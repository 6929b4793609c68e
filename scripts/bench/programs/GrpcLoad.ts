// Calls Convert over HTTP/2 frames that are made once: a client of grpc-js costs three times what its server does, and
// would measure itself. The head is the one that our client sends: deadline and trace context included, each call in a trace
// of its own.
import { CurrencyService } from "@retro/contract/CurrencyService"
import { randomBytes } from "node:crypto"
import { connect } from "node:net"
import { answer, type Load } from "../Ipc.ts"
import * as Amounts from "./Amounts.ts"
import * as Stopwatch from "./Stopwatch.ts"

const method = CurrencyService.wire["convert"]!

/** Types and flags of frames: RFC 9113, 6. */
const data = 0
const headers = 1
const reset = 3
const settings = 4
const ping = 6
const goAway = 7
const windowUpdate = 8
const endStream = 1
const acknowledged = 1
const endHeaders = 4

const frame = (type: number, flags: number, stream: number, payload: Buffer): Buffer => {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

/** A header that no table keeps: RFC 7541, 6.2.2. Names and values are shorter than 127. */
const literal = (name: string, value: string): Buffer =>
  Buffer.concat([Buffer.from([0, name.length]), Buffer.from(name), Buffer.from([value.length]), Buffer.from(value)])

const head = Buffer.concat([
  literal(":method", "POST"),
  literal(":scheme", "http"),
  literal(":path", method.path),
  literal(":authority", "127.0.0.1"),
  literal("te", "trailers"),
  literal("content-type", "application/grpc"),
  literal("user-agent", "grpc-node-js/1.14.4"),
  literal("grpc-accept-encoding", "identity,deflate,gzip"),
  literal("grpc-timeout", "2000m"),
  literal("traceparent", `00-${"0".repeat(32)}-b7ad6b7169203331-01`)
])

/** A message as gRPC frames it: not compressed, its length, itself. */
const message = (bytes: Uint8Array): Buffer => {
  const prefix = Buffer.alloc(5)
  prefix.writeUInt32BE(bytes.length, 1)
  return Buffer.concat([prefix, bytes])
}

const request = Buffer.concat([
  frame(headers, endHeaders, 0, head),
  frame(data, endStream, 0, message(method.requestSerialize(Amounts.request)))
])
const secondFrame = 9 + head.length
const traceId = request.indexOf(`00-${"0".repeat(32)}`) + 3

/** As many traces as a slice of the bench has calls, about. */
const traceIds = Array.from({ length: 8192 }, () => Buffer.from(randomBytes(16).toString("hex")))

/** Where `traceparent` says whether the trace is sampled: its last digit. */
const flag = traceId + 32 + 1 + 16 + 2
const [notSampled, isSampled] = [0x30, 0x31]

const call = (stream: number, sampledOneIn: number): Buffer => {
  const copy = Buffer.from(request)
  const count = stream >>> 1
  traceIds[count % traceIds.length]?.copy(copy, traceId)
  copy[flag] = count % sampledOneIn === 0 ? isSampled : notSampled
  copy.writeUInt32BE(stream, 5)
  copy.writeUInt32BE(stream, secondFrame + 5)
  return copy
}

/** No table, no pushes, and more room than all answers together need: RFC 9113, 6.5.2 and 6.9. */
const preface = Buffer.concat([
  Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  frame(settings, 0, 0, Buffer.from("000100000000" + "000200000000" + "00047fffffff", "hex")),
  frame(windowUpdate, 0, 0, Buffer.from("7ffe0000", "hex"))
])

const expected = message(method.responseSerialize(Amounts.response))

interface Stream {
  readonly sent: number
  isRight: boolean
}

/**
 * One connection with that many calls at once, sent together when all before are answered: were each answer followed by the
 * next call, server and load would fall into step with few calls at a time or with many, and it is that step, another one
 * after each start, that would be measured.
 */
const converse = ({ concurrency, millis, port, sampledOneIn = 1 }: Load): Promise<Stopwatch.Stopwatch> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1")
    const streams = new Map<number, Stream>()
    const watch = Stopwatch.start(millis)
    let last = -1
    let rest: Buffer = Buffer.alloc(0)
    const calls = (count: number): ReadonlyArray<Buffer> =>
      Array.from({ length: watch.isOver() ? 0 : count }, () => {
        streams.set((last += 2), { sent: performance.now(), isRight: false })
        return call(last, sampledOneIn)
      })
    const done = (id: number, stream: Stream): ReadonlyArray<Buffer> => {
      streams.delete(id)
      watch.answered(stream.sent, stream.isRight)
      return streams.size === 0 ? calls(concurrency) : []
    }
    const receive = (type: number, flags: number, id: number, payload: Buffer): ReadonlyArray<Buffer> => {
      if (type === settings || type === ping)
        return flags & acknowledged ? [] : [frame(type, 1, 0, type === ping ? payload : Buffer.alloc(0))]
      if (type === goAway) throw new Error("the server sends us away")
      const stream = streams.get(id)
      if (stream === undefined) return []
      if (type === data) stream.isRight = payload.equals(expected)
      const isEnd = type === reset || ((type === data || type === headers) && (flags & endStream) !== 0)
      return isEnd ? done(id, stream) : []
    }
    socket.setNoDelay(true)
    socket.once("connect", () => socket.write(Buffer.concat([preface, ...calls(concurrency)])))
    socket.on("data", (chunk: Buffer) => {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      const replies: Array<Buffer> = []
      let at = 0
      while (bytes.length - at >= 9 && bytes.length - at >= 9 + bytes.readUIntBE(at, 3)) {
        const end = at + 9 + bytes.readUIntBE(at, 3)
        replies.push(
          ...receive(bytes[at + 3]!, bytes[at + 4]!, bytes.readUInt32BE(at + 5), bytes.subarray(at + 9, end))
        )
        at = end
      }
      rest = bytes.subarray(at)
      if (replies.length > 0) socket.write(Buffer.concat(replies))
      if (streams.size === 0) socket.end()
    })
    socket.once("close", () => resolve(watch))
    socket.once("error", reject)
  })

answer({ load: async (load) => (await converse(load)).result() })
