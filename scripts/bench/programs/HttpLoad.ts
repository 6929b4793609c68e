// Asks a web server for pages. Without a rate each connection asks again when it has its answer: what the server can do.
// With one, requests are due at fixed times whether or not the server keeps up, and latency counts from when a request was
// due: a server that stalls cannot make its own figures better by keeping the next ones from being sent.
import { answer, type Load } from "../Ipc.ts"
import * as Connection from "./Connection.ts"
import * as Stopwatch from "./Stopwatch.ts"

/** One connection, kept alive: the same request again and again. */
const visit = async (port: number, request: string, watch: Stopwatch.Stopwatch): Promise<void> => {
  const message = Buffer.from(request)
  let sent = 0
  const ask = (connection: Connection.Connection) => {
    sent = performance.now()
    connection.send(message)
  }
  const connection = await Connection.open(port, (connection, status) => {
    watch.answered(sent, status === 200)
    if (watch.isOver()) connection.end()
    else ask(connection)
  })
  ask(connection)
  await connection.closed
}

/** That many requests in a second, over whichever connection is free. */
const visitAt = async (rate: number, port: number, requests: ReadonlyArray<string>, watch: Stopwatch.Stopwatch) => {
  const messages = requests.map((request) => Buffer.from(request))
  const due: Array<number> = []
  const dueOf = new Map<Connection.Connection, number>()
  const idle: Array<Connection.Connection> = []
  let asked = 0
  const send = () => {
    while (idle.length > 0 && due.length > 0) {
      const [connection, when, message] = [idle.pop(), due.shift(), messages[asked++ % messages.length]]
      if (connection === undefined || when === undefined || message === undefined) return
      dueOf.set(connection, when)
      connection.send(message)
    }
  }
  const connections = await Promise.all(
    messages.map(() =>
      Connection.open(port, (connection, status) => {
        watch.answered(dueOf.get(connection) ?? 0, status === 200)
        idle.push(connection)
        send()
      })
    )
  )
  idle.push(...connections)
  await new Promise<void>((resolve) => {
    const begun = performance.now()
    let last = begun
    const tick = () => {
      const now = performance.now()
      while (last + 1000 / rate <= now && !watch.isOver()) {
        last += 1000 / rate
        due.push(last)
      }
      send()
      if (watch.isOver() && due.length === 0 && idle.length === connections.length) resolve()
      else setTimeout(tick, 1)
    }
    tick()
  })
  for (const connection of connections) connection.end()
  await Promise.all(connections.map(({ closed }) => closed))
}

answer({
  load: async ({ millis, port, rate, requests = [] }: Load) => {
    const watch = Stopwatch.start(millis)
    if (rate === undefined) await Promise.all(requests.map((request) => visit(port, request, watch)))
    else await visitAt(rate, port, requests, watch)
    return watch.result()
  }
})
