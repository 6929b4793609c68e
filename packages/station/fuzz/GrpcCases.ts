import type { Rpc } from "@effect/rpc"
import type { Contract } from "@retro/contract/Contract"
import { Arbitrary, FastCheck as fc, Schema } from "effect"
import * as Station from "../src/Station.ts"
import * as Texts from "./Texts.ts"

/** One call, as the bytes of its body: a gRPC frame, or what somebody thinks is one. */
export interface GrpcCase {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** Whether what is around the message is what it says it is. */
  readonly isFrame: boolean
  readonly body: Buffer
}

/** Every rpc of every contract. */
const rpcs = (Station.contracts as ReadonlyArray<Contract<any, any>>).flatMap((contract) =>
  Array.from(contract.group.requests.values() as Iterable<Rpc.AnyWithProps>, (rpc) => ({
    rpc,
    method: contract.wire[rpc._tag]!
  }))
)

/** How many there are. */
export const count = rpcs.length

const services = [
  "/grpc.health.v1.Health/Check",
  "/grpc.health.v1.Health/Nothing",
  "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
  "/grpc.reflection.v1.ServerReflection/X",
  "/nowhere/At",
  "/",
  "*"
]

const headers: fc.Arbitrary<Readonly<Record<string, string>>> = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        "traceparent",
        "tracestate",
        "baggage",
        "grpc-timeout",
        "user-agent",
        "authorization",
        "x-bin",
        "grpc-encoding"
      ),
      fc.oneof(
        Texts.text.map((text) => text.replace(/[^\x20-\x7e]/g, "").slice(0, 4000)),
        fc.constantFrom(
          "1n",
          "0S",
          "99999999H",
          "-1S",
          "1",
          "gzip",
          "00-" + "f".repeat(32) + "-" + "f".repeat(16) + "-ff"
        )
      )
    ),
    { maxLength: 3 }
  )
  .map((list) => Object.fromEntries(list))

/** A field of any number and wire type with whatever bytes: mostly another type than the message has there. */
const field: fc.Arbitrary<Buffer> = fc
  .tuple(fc.nat(20), fc.nat(7), fc.uint8Array({ maxLength: 20 }))
  .map(([number, type, bytes]) => {
    const content = type === 2 ? [bytes.length, ...bytes] : bytes
    return Buffer.from([(number << 3) | type, ...content])
  })

const nested = (depth: number) => {
  let message = Buffer.alloc(0)
  for (let level = 0; level < depth; level++)
    message = Buffer.concat([Buffer.from([0x0a]), varint(message.length), message])
  return message
}

const varint = (value: number): Buffer => {
  const bytes: Array<number> = []
  let rest = value
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80)
    rest >>>= 7
  }
  return Buffer.from([...bytes, rest])
}

const changed = (right: Buffer): fc.Arbitrary<Buffer> =>
  fc
    .tuple(fc.nat(right.length), fc.nat(4), fc.uint8Array({ maxLength: 6 }))
    .map(([at, cut, bytes]) => Buffer.concat([right.subarray(0, at), bytes, right.subarray(at + cut)]))

const messageOf = ({ method, rpc }: (typeof rpcs)[number]): fc.Arbitrary<Buffer> => {
  const schema = rpc.payloadSchema as Schema.Schema<unknown, unknown>
  const encode = Schema.encodeSync(schema)
  const right = Arbitrary.make(schema).map((value) => method.requestSerialize(encode(value)))
  return fc.oneof(
    { weight: 4, arbitrary: right },
    { weight: 4, arbitrary: right.chain(changed) },
    { weight: 2, arbitrary: fc.array(field, { maxLength: 6 }).map((fields) => Buffer.concat(fields)) },
    { weight: 2, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        nested(20),
        nested(2000),
        Buffer.alloc(300_000, 0x0a),
        Buffer.alloc(100_000, 0xff),
        Buffer.alloc(0)
      )
    }
  )
}

/** The frame around a message: mostly true, at times of another length, compressed, or none. */
const framed = (message: Buffer): fc.Arbitrary<Pick<GrpcCase, "body" | "isFrame">> => {
  const frame = (flag: number, length: number) => {
    const head = Buffer.alloc(5)
    head.writeUInt8(flag)
    head.writeUInt32BE(length >>> 0, 1)
    return Buffer.concat([head, message])
  }
  return fc.oneof(
    { weight: 12, arbitrary: fc.constant({ isFrame: true, body: frame(0, message.length) }) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom(
          frame(1, message.length),
          frame(0xff, message.length),
          frame(0, message.length + 1),
          frame(0, 2 ** 32 - 1),
          frame(0, 0),
          message
        )
        .map((body) => ({ isFrame: false, body }))
    }
  )
}

/** Calls of every kind of every rpc, and of some that there are not. */
export const arbitrary: fc.Arbitrary<GrpcCase> = fc
  .tuple(
    fc.oneof(
      {
        weight: 30,
        arbitrary: fc.oneof(
          ...rpcs.map((one) => fc.record({ path: fc.constant(one.method.path), message: messageOf(one) }))
        )
      },
      {
        weight: 1,
        arbitrary: fc.record({
          path: fc.constantFrom(...services),
          message: fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes))
        })
      }
    ),
    headers
  )
  .chain(([{ message, path }, headers]) => framed(message).map((frame) => ({ path, headers, ...frame })))
