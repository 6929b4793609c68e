import { connect } from "node:net"

/** A connection to a web server that is kept alive and has one request in progress at most. */
export interface Connection {
  readonly send: (request: Buffer) => void
  readonly end: () => void
  /** Succeeds when it is closed. */
  readonly closed: Promise<void>
}

const headEnd = Buffer.from("\r\n\r\n")

/** Opens one: a raw socket, which costs next to nothing beside what is measured. `answered` is told the status. */
export const open = (port: number, answered: (connection: Connection, status: number) => void): Promise<Connection> =>
  new Promise((opened, reject) => {
    // Read into the same bytes again and again: collecting what is left of answers would make the load late.
    const buffer = Buffer.alloc(64 * 1024)
    let [missing, status, read] = [0, 0, 0]
    const hear = (length: number) => {
      if (missing > 0) missing -= length
      else {
        read += length
        const end = buffer.subarray(0, read).indexOf(headEnd)
        if (end < 0) return true
        const text = buffer.toString("latin1", 0, end)
        status = Number(text.slice(9, 12))
        const [, size = "0"] = /\r\ncontent-length: (\d+)/i.exec(text) ?? []
        missing = Number(size) - (read - end - headEnd.length)
        read = 0
      }
      if (missing <= 0) answered(connection, status)
      return true
    }
    const socket = connect({ port, host: "127.0.0.1", onread: { buffer: () => buffer.subarray(read), callback: hear } })
    const closed = new Promise<void>((resolve) => socket.once("close", resolve))
    const connection: Connection = { send: (request) => socket.write(request), end: () => socket.end(), closed }
    socket.setNoDelay(true)
    socket.once("connect", () => opened(connection))
    socket.once("error", reject)
  })
