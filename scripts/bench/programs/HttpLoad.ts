// Asks a web server for pages over raw sockets: a client that costs next to nothing beside what it measures.
import { connect } from "node:net"
import { answer, type Load } from "../Ipc.ts"
import * as Stopwatch from "./Stopwatch.ts"

const headEnd = Buffer.from("\r\n\r\n")

/** One connection, kept alive: the same request again and again. */
const visit = (port: number, request: string, watch: Stopwatch.Stopwatch): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1")
    const message = Buffer.from(request)
    let sent = 0
    let missing = 0
    let isOk = false
    let head: Buffer = Buffer.alloc(0)
    const next = () => {
      if (watch.isOver()) return socket.end()
      sent = performance.now()
      return socket.write(message)
    }
    socket.setNoDelay(true)
    socket.once("connect", next)
    socket.on("data", (chunk: Buffer) => {
      if (missing > 0) missing -= chunk.length
      else {
        head = head.length === 0 ? chunk : Buffer.concat([head, chunk])
        const end = head.indexOf(headEnd)
        if (end < 0) return
        const text = head.toString("latin1", 0, end)
        isOk = text.startsWith("HTTP/1.1 200 ")
        const [, length = "0"] = /\r\ncontent-length: (\d+)/i.exec(text) ?? []
        missing = Number(length) - (head.length - end - headEnd.length)
        head = Buffer.alloc(0)
      }
      if (missing > 0) return
      watch.answered(sent, isOk)
      next()
    })
    socket.once("close", resolve)
    socket.once("error", reject)
  })

answer({
  load: async ({ millis, port, requests = [] }: Load) => {
    const watch = Stopwatch.start(millis)
    await Promise.all(requests.map((request) => visit(port, request, watch)))
    return watch.result()
  }
})
