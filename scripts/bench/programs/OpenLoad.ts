// Asks a web server for pages at a rate of its own, whether or not it keeps up: an open loop, as shoppers are one. It does so
// as balancers do, over connections that are kept; what is due and finds none free waits for one, which counts.
import { answer, type Flood, type Flooded, type Rate } from "../Ipc.ts"
import { quantile } from "../Statistics.ts"
import * as Connection from "./Connection.ts"

const connections = 512

/** How long answers are waited for when nothing more is due, in milliseconds. */
const patience = 1000

const flood = async ({ atFirst, millis, perSecond, port, requests }: Flood): Promise<Flooded> => {
  const messages = requests.map((request) => Buffer.from(request))
  const idle: Array<Connection.Connection> = []
  const due: Array<number> = []
  const dueOf = new Map<Connection.Connection, number>()
  const latencies = { served: Array<number>(), refused: Array<number>(), refusedAtFirst: Array<number>() }
  const lateness: Array<number> = []
  let [asked, answers, failures] = [0, 0, 0]

  const send = () => {
    while (idle.length > 0 && due.length > 0) {
      // The one that was quiet longest: servers end connections on which nothing is asked.
      const [connection, when] = [idle.shift()!, due.shift()!]
      dueOf.set(connection, when)
      lateness.push(performance.now() - when)
      connection.send(messages[asked++ % messages.length]!)
    }
  }
  const answered = (connection: Connection.Connection, status: number) => {
    const when = dueOf.get(connection)!
    const took = performance.now() - when
    const isFirst = when < begun + atFirst
    answers++
    if (status === 503) (isFirst ? latencies.refusedAtFirst : latencies.refused).push(took)
    else if (status !== 200) failures++
    else if (!isFirst) latencies.served.push(took)
    idle.push(connection)
    send()
  }

  const all = await Promise.all(Array.from({ length: connections }, () => Connection.open(port, answered)))
  idle.push(...all)
  const begun = performance.now()
  const lastly = begun + millis
  let [next, wanted] = [begun, 0]
  await new Promise<void>((resolve) => {
    const beat = setInterval(() => {
      for (; next <= Math.min(performance.now(), lastly); next += 1000 / perSecond) {
        wanted++
        due.push(next)
      }
      send()
      if (next <= lastly || (answers < wanted && performance.now() < lastly + patience)) return
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
