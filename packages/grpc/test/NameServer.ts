import { Effect, type Scope } from "effect"
import { createSocket } from "node:dgram"

// grpc-js asks the server that an address names only if this is set when it is loaded: import this module first.
process.env["GRPC_NODE_USE_ALTERNATIVE_RESOLVER"] = "true"

const types = { A: 1 } as const
const classInternet = 1
/** Flags of an answer without an error (RFC 1035, 4.1.1). */
const answered = 0x8180
/** The question's name, wherever it is needed again. */
const nameOfQuestion = 0xc00c
const headerBytes = 12

/** A DNS server (RFC 1035) that knows one name, whichever is asked: those addresses, as they are at the moment. */
export const make = (addresses: ReadonlyArray<string>): Effect.Effect<{ readonly port: number }, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.async<{ readonly port: number; readonly close: () => void }>((resume) => {
      const socket = createSocket("udp4")
      socket.on("message", (query, { address, port }) => socket.send(answer(query, addresses), port, address))
      socket.bind(0, "127.0.0.1", () => {
        resume(Effect.succeed({ port: socket.address().port, close: () => socket.close() }))
      })
    }),
    ({ close }) => Effect.sync(close)
  )

/** Nothing but IPv4 addresses, to be asked for again at once. */
const answer = (query: Buffer, addresses: ReadonlyArray<string>): Buffer => {
  const questionEnd = query.indexOf(0, headerBytes) + 5
  const asked = query.readUInt16BE(questionEnd - 4)
  const found = asked === types.A ? addresses : []
  const header = Buffer.alloc(headerBytes)
  query.copy(header, 0, 0, 2)
  header.writeUInt16BE(answered, 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(found.length, 6)
  return Buffer.concat([header, query.subarray(headerBytes, questionEnd), ...found.map(record)])
}

const record = (address: string): Buffer => {
  const fields = Buffer.alloc(16)
  fields.writeUInt16BE(nameOfQuestion, 0)
  fields.writeUInt16BE(types.A, 2)
  fields.writeUInt16BE(classInternet, 4)
  fields.writeUInt16BE(4, 10)
  fields.set(address.split(".").map(Number), 12)
  return fields
}
