// Asks a web server for pages at a rate of its own, whether or not it keeps up: an open loop, as shoppers are one.
import { connect, type Socket } from "node:net"
import { answer, type Flood, type Flooded } from "../Ipc.ts"
import { quantile } from "../Statistics.ts"

const headEnd = Buffer.from("\r\n\r\n")

interface Connection {
  readonly ask: (request: Buffer, done: (status: number, millis: number) => void) => void
  readonly close: () => void
}

/** Nothing took no time. */
const part = (numbers: ReadonlyArray<number>, share: number) => (numbers.length === 0 ? 0 : quantile(numbers, share))

/** One connection, kept alive, for one request at a time. */
const open = (port: number, broken: () => void): Connection => {
  const socket: Socket = connect(port, "127.0.0.1")
  let [sent, missing, status] = [0, 0, 0]
  let head: Buffer = Buffer.alloc(0)
  let done: (status: number, millis: number) => void = () => {}
  socket.setNoDelay(true)
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
    if (missing <= 0) done(status, performance.now() - sent)
  })
  socket.on("error", broken)
  return {
    ask: (request, then) => {
      done = then
      sent = performance.now()
      socket.write(request)
    },
    close: () => socket.destroy()
  }
}

answer({
  flood: ({ ignored, millis, perSecond, port, requests }: Flood) =>
    new Promise<Flooded>((resolve) => {
      const messages = requests.map((request) => Buffer.from(request))
      const free: Array<Connection> = []
      const all: Array<Connection> = []
      const latencies: { readonly served: Array<number>; readonly refused: Array<number> } = { served: [], refused: [] }
      let [asked, unanswered, failures] = [0, 0, 0]
      const begun = performance.now()
      const tick = () => {
        const time = performance.now() - begun
        const due = Math.floor((Math.min(time, millis) / 1000) * perSecond)
        while (asked < due) {
          const request = messages[asked++ % messages.length]!
          const counts = time >= ignored
          const connection = free.pop() ?? open(port, () => failures++)
          if (!all.includes(connection)) all.push(connection)
          unanswered++
          connection.ask(request, (status, took) => {
            unanswered--
            free.push(connection)
            if (!counts) return
            if (status === 200) latencies.served.push(took)
            else if (status === 503) latencies.refused.push(took)
            else failures++
          })
        }
        if (time < millis) return setTimeout(tick, 1)
        all.forEach(({ close }) => close())
        const seconds = (millis - ignored) / 1000
        const of = (numbers: ReadonlyArray<number>) => ({
          perSecond: numbers.length / seconds,
          p50: part(numbers, 0.5),
          p95: part(numbers, 0.95),
          p99: part(numbers, 0.99),
          max: numbers.reduce((most, each) => Math.max(most, each), 0)
        })
        return resolve({
          served: of(latencies.served),
          refused: of(latencies.refused),
          failures,
          unanswered,
          connections: all.length
        })
      }
      tick()
    })
})
