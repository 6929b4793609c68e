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
    const socket = connect(port, "127.0.0.1")
    const closed = new Promise<void>((resolve) => socket.once("close", resolve))
    const connection: Connection = { send: (request) => socket.write(request), end: () => socket.end(), closed }
    let missing = 0
    let status = 0
    let head: Buffer = Buffer.alloc(0)
    socket.setNoDelay(true)
    socket.once("connect", () => opened(connection))
    socket.once("error", reject)
    socket.on("data", (chunk: Buffer) => {
      if (missing > 0) missing -= chunk.length
      else {
        head = head.length === 0 ? chunk : Buffer.concat([head, chunk])
        const end = head.indexOf(headEnd)
        if (end < 0) return
        const text = head.toString("latin1", 0, end)
        status = Number(text.slice(9, 12))
        const [, length = "0"] = /\r\ncontent-length: (\d+)/i.exec(text) ?? []
        missing = Number(length) - (head.length - end - headEnd.length)
        head = Buffer.alloc(0)
      }
      if (missing <= 0) answered(connection, status)
    })
  })
