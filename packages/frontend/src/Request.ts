import type { IncomingHttpHeaders, IncomingMessage } from "node:http"
import { Data, Effect } from "effect"

/** The most bytes that a body may have. */
export const maxBodyBytes = 64 * 1024

/** The body is larger than {@link maxBodyBytes}. */
export class BodyTooLarge extends Data.TaggedError("BodyTooLarge")<{}> {}

/** What a client asks. */
export interface Request {
  /** In capitals. */
  readonly method: string
  /** As sent, percent-encoded; begins with a slash. */
  readonly path: string
  /** As sent, without the question mark. */
  readonly query: string
  /** The IP address of whoever connected: the client, or the nearest proxy. */
  readonly peer: string
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders
  /** Reads the body, and remembers it. */
  readonly body: Effect.Effect<Buffer, BodyTooLarge>
}

/** The value of a header that is there once; undefined for any other. */
export const headerOf = ({ headers }: Request, name: string): string | undefined => {
  const value = headers[name]
  return typeof value === "string" ? value : undefined
}

/** The request that node's server received; its target may be absolute (RFC 9112, 3.2.2). */
export const fromNode = (incoming: IncomingMessage): Request => {
  const target = (incoming.url ?? "/").replace(/^https?:\/\/[^/?]*/i, "")
  const mark = target.indexOf("?")
  return {
    method: incoming.method ?? "GET",
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? "" : target.slice(mark + 1),
    peer: incoming.socket.remoteAddress ?? "",
    headers: incoming.headers,
    body: remembered(readBody(incoming))
  }
}

/** A stream can be read once; a page that is made a second time wants the same form again. */
const remembered = <A, E>(read: Effect.Effect<A, E>): Effect.Effect<A, E> => {
  let known: Effect.Effect<A> | undefined
  return Effect.suspend(
    () =>
      known ??
      Effect.tap(read, (body) => {
        known = Effect.succeed(body)
      })
  )
}

const readBody = (incoming: IncomingMessage) =>
  Effect.async<Buffer, BodyTooLarge>((resume) => {
    if (Number(incoming.headers["content-length"] ?? 0) > maxBodyBytes) {
      return resume(Effect.fail(new BodyTooLarge()))
    }
    const chunks: Array<Buffer> = []
    let size = 0
    const take = (chunk: Buffer) => {
      size += chunk.length
      if (size <= maxBodyBytes) return chunks.push(chunk)
      incoming.off("data", take).resume()
      return resume(Effect.fail(new BodyTooLarge()))
    }
    incoming.on("data", take)
    incoming.once("end", () => resume(Effect.succeed(Buffer.concat(chunks))))
    incoming.once("error", () => resume(Effect.interrupt))
  })
