import type { Writable } from "node:stream"

/**
 * Keeps what is written to a stream until the event loop has been round, and sends it in one piece: a write to a socket
 * takes longer than most commands do. Called before each write.
 */
export const untilTheTurnEnds = (stream: Writable): void => {
  if (stream.writableCorked > 0) return
  stream.cork()
  setImmediate(() => stream.uncork())
}
