import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { Effect } from "effect"
import { connect, type Socket } from "node:net"
import * as Send from "../fuzz/Send.ts"
import * as Target from "../fuzz/Target.ts"

/** A frame of HTTP/2 (RFC 9113, 4.1). */
const frame = (type: number, flags: number, stream: number, payload: Buffer): Buffer => {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

const preface = Buffer.concat([Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), frame(4, 0, 0, Buffer.alloc(0))])

/** A field of a header block that no table knows, as it is (RFC 7541, 6.2.2). */
const field = (name: string, value: Buffer) =>
  Buffer.concat([Buffer.from([0, name.length]), Buffer.from(name), integer(value.length), value])

/** A number with a prefix of seven bits (RFC 7541, 5.1). */
const integer = (value: number): Buffer => {
  if (value < 127) return Buffer.from([value])
  const bytes = [127]
  let rest = value - 127
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
  return Buffer.from([...bytes, rest])
}

const request = Buffer.concat([
  Buffer.from([0x83, 0x86]),
  field(":path", Buffer.from("/retrostation.CartService/GetCart")),
  field("content-type", Buffer.from("application/grpc")),
  field("te", Buffer.from("trailers"))
])

const headers = 1
const [endHeaders, endStream] = [4, 1]

/** What one peer can do to another, endlessly: the next piece of it. */
const attacks: Readonly<Record<string, (round: number) => Buffer>> = {
  "streams reset as fast as they are begun": (round) =>
    Buffer.concat(
      Array.from({ length: 100 }, (_, index) => {
        const stream = (round * 100 + index) * 2 + 1
        return Buffer.concat([
          frame(headers, endHeaders, stream, request),
          frame(3, 0, stream, Buffer.from([0, 0, 0, 8]))
        ])
      })
    ),
  "a flood of settings": () => Buffer.concat(Array.from({ length: 500 }, () => frame(4, 0, 0, Buffer.alloc(0)))),
  "a flood of pings": () => Buffer.concat(Array.from({ length: 500 }, () => frame(6, 0, 0, Buffer.alloc(8)))),
  "a head that never ends": (round) =>
    round === 0 ? frame(headers, 0, 1, request) : frame(9, 0, 1, field(`x-${round}`, Buffer.alloc(15_000, 0x61))),
  "heads of a megabyte": (round) => {
    const stream = round * 2 + 1
    const more = Array.from({ length: 64 }, (_, index) =>
      frame(9, index === 63 ? endHeaders : 0, stream, field(`x-${index}`, Buffer.alloc(15_000, 0x61)))
    )
    return Buffer.concat([frame(headers, endStream, stream, request), ...more])
  },
  "frames of no type": () => Buffer.concat(Array.from({ length: 500 }, () => frame(0xee, 0xff, 0, Buffer.alloc(64))))
}

/** Writes for a while and reads nothing; where it is shut out it comes again. */
const attack = (port: number, next: (round: number) => Buffer, millis: number) =>
  Effect.async<{ readonly megabytes: number; readonly shutOut: number }>((resume) => {
    const until = performance.now() + millis
    let [bytes, shutOut] = [0, 0]
    const come = () => {
      const socket: Socket = connect(port, "127.0.0.1")
      socket.pause()
      socket.on("error", () => undefined)
      socket.once("close", () => {
        if (performance.now() >= until) return resume(Effect.succeed({ megabytes: bytes / 1e6, shutOut }))
        shutOut++
        setTimeout(come, 5)
      })
      let round = 0
      const write = () => {
        if (performance.now() >= until) return void socket.destroy()
        const piece = round === 0 ? Buffer.concat([preface, next(round++)]) : next(round++)
        bytes += piece.length
        if (socket.write(piece)) setImmediate(write)
        else {
          const late = setTimeout(write, 100)
          socket.once("drain", () => {
            clearTimeout(late)
            write()
          })
        }
      }
      socket.once("connect", write)
    }
    come()
  })

/** How long each is kept up, by this many at once. */
const [millis, attackers] = [500, 2]

describe("a peer that abuses HTTP/2", { timeout: 120_000 }, () => {
  it.scopedLive("takes no memory, ends nothing, and keeps nobody from an answer", () =>
    Effect.gen(function* () {
      const target = yield* Target.start
      const call = yield* Send.grpc(target.grpc)
      const ask = call({
        path: "/retrostation.CartService/GetCart",
        headers: {},
        isFrame: true,
        body: Buffer.from([0, 0, 0, 0, 7, 0x0a, 5, 0x61, 0x6c, 0x69, 0x63, 0x65])
      })
      yield* Effect.replicateEffect(ask, 200)
      const before = yield* target.measure
      for (const [name, next] of Object.entries(attacks)) {
        const [done, answers] = yield* Effect.all(
          [
            Effect.replicateEffect(attack(target.grpc, next, millis), attackers, { concurrency: "unbounded" }),
            Effect.replicateEffect(Effect.delay(ask, "30 millis"), 20)
          ],
          { concurrency: "unbounded" }
        )
        deepStrictEqual([name, [...new Set(answers)]], [name, [0]])
        const { errors, heap } = yield* target.measure
        deepStrictEqual([name, target.ended(), errors], [name, undefined, []])
        assertTrue(done.every(({ megabytes }) => megabytes > 0))
        assertTrue(heap - before.heap < 30e6, `${name}: ${((heap - before.heap) / 1e6).toFixed(1)} MB`)
      }
    })
  )
})
