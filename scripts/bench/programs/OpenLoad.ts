// Asks a web server for pages at a rate of its own, whether or not it keeps up: an open loop, as shoppers are one. What is
// due and finds no free connection opens one more.
import { answer, type Flood, type Flooded, type Rate } from "../Ipc.ts"
import { quantile } from "../Statistics.ts"
import * as Connection from "./Connection.ts"

/** Connections that are open before the first request is due: browsers keep theirs, and so do balancers. */
const openAtFirst = 256

/** How long answers are waited for when nothing more is due, in milliseconds. */
const patience = 1000

const flood = async ({ atFirst, millis, perSecond, port, requests }: Flood): Promise<Flooded> => {
  const messages = requests.map((request) => Buffer.from(request))
  const all = new Set<Connection.Connection>()
  const idle: Array<Connection.Connection> = []
  const dueOf = new Map<Connection.Connection, number>()
  const latencies = { served: Array<number>(), refused: Array<number>(), refusedAtFirst: Array<number>() }
  const lateness: Array<number> = []
  let [asked, answers, failures] = [0, 0, 0]

  const answered = (connection: Connection.Connection, status: number) => {
    const when = dueOf.get(connection)!
    const took = performance.now() - when
    const isFirst = when < begun + atFirst
    answers++
    idle.push(connection)
    if (status === 503) (isFirst ? latencies.refusedAtFirst : latencies.refused).push(took)
    else if (status !== 200) failures++
    else if (!isFirst) latencies.served.push(took)
  }
  const ask = (connection: Connection.Connection, due: number) => {
    dueOf.set(connection, due)
    lateness.push(performance.now() - due)
    connection.send(messages[asked++ % messages.length]!)
  }
  const open = async () => {
    const connection = await Connection.open(port, answered)
    all.add(connection)
    return connection
  }

  idle.push(...(await Promise.all(Array.from({ length: openAtFirst }, open))))
  const begun = performance.now()
  const lastly = begun + millis
  let [due, wanted] = [begun, 0]
  const tick = () => {
    for (; due <= Math.min(performance.now(), lastly); due += 1000 / perSecond) {
      // The one that was quiet longest: servers end connections on which nothing is asked.
      const [connection, when] = [idle.shift(), due]
      wanted++
      if (connection !== undefined) ask(connection, when)
      else
        void open().then(
          (connection) => ask(connection, when),
          () => failures++
        )
    }
  }
  await new Promise<void>((resolve) => {
    const beat = setInterval(() => {
      tick()
      if (due <= lastly || (answers < wanted && performance.now() < lastly + patience)) return
      clearInterval(beat)
      resolve()
    }, 1)
  })
  all.forEach((connection) => connection.end())
  return {
    served: rate(latencies.served, millis - atFirst),
    refused: rate(latencies.refused, millis - atFirst),
    refusedAtFirst: part(latencies.refusedAtFirst, 0.95),
    failures,
    unanswered: wanted - answers,
    connections: all.size,
    late: part(lateness, 0.99)
  }
}

const rate = (latencies: ReadonlyArray<number>, millis: number): Rate => ({
  perSecond: (latencies.length / millis) * 1000,
  p50: part(latencies, 0.5),
  p95: part(latencies, 0.95),
  p99: part(latencies, 0.99),
  max: part(latencies, 1)
})

/** Nothing took no time. */
const part = (numbers: ReadonlyArray<number>, share: number) => (numbers.length === 0 ? 0 : quantile(numbers, share))

answer({ flood })
