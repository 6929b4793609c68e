import type { IncomingMessage, ServerResponse } from "node:http"
import type { Socket } from "node:net"

/**
 * Turns requests away before node's parser reads them, which is most of what a refusal costs. It stands between a
 * connection and the parser, and takes only what cannot be anything but a whole request, where nothing is before it:
 * everything else, and what is not to be refused, goes on to the parser as it came.
 */
export interface Door {
  /** From this request on, which the parser is reading, stands before its connection. */
  readonly guard: (incoming: IncomingMessage, outgoing: ServerResponse) => void
  /** Hears of each request that the parser has read. */
  readonly passed: (incoming: IncomingMessage, outgoing: ServerResponse) => void
}

/** A connection: keeps no request, since it stays quiet for so long that what it keeps is old. */
interface Passage {
  /** What the parser found in the bytes that it is reading. */
  found: IncomingMessage | undefined
  /** Answers that are not all sent. */
  owed: number
}

/** `refusal` has the bytes of the answer to a request for that target; undefined for one that is to pass. */
export const make = (refusal: (target: string) => string | undefined): Door => {
  const guarded = new WeakMap<Socket, Passage>()

  const stand = (socket: Socket, parse: (chunk: Buffer) => void, passage: Passage) => {
    /** Whether the parser waits for the first byte of a request. */
    let isBetween = false
    return (chunk: Buffer) => {
      const target = targetOf(chunk)
      const isFree = isBetween && passage.owed === 0 && socket.writable && !socket.writableNeedDrain
      const answer = isFree && target !== undefined ? refusal(target) : undefined
      if (answer !== undefined) return void socket.write(answer, "latin1")
      parse(chunk)
      // There is one empty line in such a chunk, its last: a request that the parser found in it ends where it ends.
      isBetween = target !== undefined && passage.found?.complete === true
      passage.found = undefined
    }
  }

  const expect = (passage: Passage, outgoing: ServerResponse) => {
    passage.owed++
    outgoing.once("close", () => passage.owed--)
  }

  return {
    guard: ({ socket }, outgoing) => {
      const [parse, ...others] = socket.listeners("data")
      if (guarded.has(socket) || parse === undefined || others.length > 0) return
      const passage = { found: undefined, owed: 0 }
      guarded.set(socket, passage)
      expect(passage, outgoing)
      socket.removeAllListeners("data").on(
        "data",
        stand(socket, (chunk) => void parse.call(socket, chunk), passage)
      )
    },
    passed: (incoming, outgoing) => {
      const passage = guarded.get(incoming.socket)
      if (passage === undefined) return
      passage.found = incoming
      expect(passage, outgoing)
    }
  }
}

/** The longest request that is looked at, in bytes: browsers send a tenth of it. */
const longest = 4096

/** The target, where this is one GET of HTTP/1.1 that keeps its connection, whole and with nothing after it. */
const targetOf = (chunk: Buffer): string | undefined => {
  if (chunk.length > longest) return undefined
  const text = chunk.toString("latin1")
  const [line, target] = requestLine.exec(text) ?? []
  return line !== undefined && plainFields.test(text.slice(line.length)) ? target : undefined
}

const requestLine = /^GET (\/[!-~]*) HTTP\/1\.1\r\n/

/**
 * All fields, of which one is the host, up to the empty line. What may say that a body follows, or what becomes of the
 * connection, is the parser's, and so is what it would find fault with.
 */
const plainFields =
  /^(?=(?:[^\r]*\r\n)*?host:)(?:(?!(?:proxy-)?connection:(?! ?keep-alive\r)|content-length:|transfer-encoding:|expect:)[\w-]+:[^\0-\x08\n-\x1f\x7f]*\r\n)+\r\n$/i
