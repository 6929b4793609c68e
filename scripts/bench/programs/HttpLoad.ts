// Asks a web server for pages. Without a rate each connection asks again when it has its answer: what the server can do.
// With one, requests are due at fixed times whether or not the server keeps up, and latency counts from when a request was
// due: a server that stalls cannot make its own figures better by keeping the next ones from being sent.
import { randomUUID } from "node:crypto"
import { answer, anyKey, type Load } from "../Ipc.ts"
import * as Bystanders from "./Bystanders.ts"
import * as Connection from "./Connection.ts"
import * as Stopwatch from "./Stopwatch.ts"

type Requests = NonNullable<Load["requests"]>

/** What is sent one after the other and counts as one. */
type Visit = ReadonlyArray<() => Buffer>

const visitsOf = (requests: Requests): ReadonlyArray<Visit> =>
  requests.map((request) => (typeof request === "string" ? [request] : request).map(written))

/** The bytes of a request, with a key of its own where it has one. */
const written = (request: string): (() => Buffer) => {
  const message = Buffer.from(request)
  const key = message.indexOf(anyKey)
  if (key < 0) return () => message
  return () => {
    message.write(randomUUID(), key)
    return message
  }
}

/** Follows a visit over a connection: begins, and tells of each answer whether the visit is over and as expected. */
const following = () => {
  let left: Array<() => Buffer> = []
  const next = (connection: Connection.Connection) => connection.send(left.shift()?.() ?? Buffer.alloc(0))
  return {
    begin: (connection: Connection.Connection, visit: Visit) => {
      left = [...visit]
      next(connection)
    },
    heard: (connection: Connection.Connection, status: number): "on" | "right" | "wrong" => {
      if (status !== 200 && status !== 303) return "wrong"
      if (left.length === 0) return "right"
      next(connection)
      return "on"
    }
  }
}

/** One connection, kept alive: the next visit whenever one is over. */
const repeat = async (port: number, next: () => Visit, watch: Stopwatch.Stopwatch): Promise<void> => {
  const follow = following()
  let sent = 0
  const ask = (connection: Connection.Connection) => {
    sent = performance.now()
    follow.begin(connection, next())
  }
  const connection = await Connection.open(port, (connection, status) => {
    const heard = follow.heard(connection, status)
    if (heard === "on") return
    watch.answered(sent, heard === "right")
    if (watch.isOver()) connection.end()
    else ask(connection)
  })
  ask(connection)
  await connection.closed
}

/** Who has not looked at the clock for so many milliseconds did not run. */
const asleep = 0.3

/** Steps of nothing between two looks, some ten microseconds: looks leave garbage, which would have to be collected. */
const rest = 10_000

/** That many visits in a second, over whichever connection is free. */
const repeatAt = async (
  rate: number,
  { concurrency, pid, port }: Load,
  next: () => Visit,
  watch: Stopwatch.Stopwatch
): Promise<void> => {
  const bystanders = pid === undefined ? Bystanders.none : Bystanders.of(pid)
  const due: Array<number> = []
  const dueOf = new Map<Connection.Connection, number>()
  const idle: Array<Connection.Connection> = []
  const send = () => {
    while (idle.length > 0 && due.length > 0) {
      // The one that was quiet longest: servers end connections on which nothing is asked.
      const [connection, when] = [idle.shift(), due.shift()]
      if (connection === undefined || when === undefined) return
      dueOf.set(connection, when)
      follows.get(connection)?.begin(connection, next())
    }
  }
  let [looked, last] = [0, 0]
  /** From when others had one of the cores until all that waited for it is answered. */
  let isDisturbed = false
  const notice = (now: number) => {
    isDisturbed = bystanders() || (isDisturbed && (due.length > 0 || idle.length < concurrency))
    // Whatever the server does, it looks: where it did not, its own core was taken away. Asking for all of that at once
    // would be a crowd that no shopper made.
    if (now - looked > asleep) {
      watch.slept(now - looked)
      last += now - looked
      isDisturbed = pid !== undefined
    }
    looked = now
  }
  const follows = new Map<Connection.Connection, ReturnType<typeof following>>()
  const open = () =>
    Connection.open(port, (connection, status) => {
      const heard = follows.get(connection)?.heard(connection, status)
      if (heard === "on") return
      notice(performance.now())
      watch.answered(dueOf.get(connection) ?? 0, heard === "right", isDisturbed)
      idle.push(connection)
      send()
    })
  const connections = await Promise.all(Array.from({ length: concurrency }, open))
  for (const connection of connections) follows.set(connection, following())
  idle.push(...connections)
  await new Promise<void>((resolve) => {
    last = looked = performance.now()
    // On a core of its own it may look at the clock all the time: a timer would be up to a millisecond late.
    const look = () => {
      const now = performance.now()
      notice(now)
      for (; last + 1000 / rate <= now && !watch.isOver(); due.push(last)) {
        last += 1000 / rate
        if (due.length < idle.length) watch.looked(last)
      }
      send()
      if (watch.isOver() && due.length === 0 && idle.length === connections.length) return resolve()
      for (let step = 0; step < rest; step++);
      setImmediate(look)
    }
    look()
  })
  for (const connection of connections) connection.end()
  await Promise.all(connections.map(({ closed }) => closed))
}

answer({
  load: async (load: Load) => {
    const { concurrency, millis, port, rate, requests = [] } = load
    const watch = Stopwatch.start(millis)
    const visits = visitsOf(requests)
    let asked = 0
    const next = () => visits[asked++ % visits.length] ?? []
    if (rate === undefined) await Promise.all(Array.from({ length: concurrency }, () => repeat(port, next, watch)))
    else await repeatAt(rate, load, next, watch)
    return watch.result()
  }
})
