import { Effect, type Scope } from "effect"
import type { Bench } from "../Bench.ts"
import * as Budgets from "../Budgets.ts"
import * as Compare from "../Compare.ts"
import type { Load } from "../Ipc.ts"
import * as Progress from "../Progress.ts"
import type { Section } from "../Report.ts"
import * as Shoppers from "../Shoppers.ts"
import type { Shop } from "../Shops.ts"
import { median, spread } from "../Statistics.ts"
import * as Table from "../Table.ts"

/** Fewer than would be a crowd, which the website turns away. */
const connections = 16

/** How much of what the shop can do is asked of it. */
const shares = [0.5, 0.9] as const

/** How long what it can do is measured, and then each share of it, in milliseconds; and how often. */
const plans = {
  thorough: { capacity: 700, share: 2000, rounds: 9 },
  quick: { capacity: 500, share: 1000, rounds: 3 }
}

type Requests = NonNullable<Load["requests"]>

/** What is asked of a shop. */
interface Asked {
  readonly title: string
  readonly unit: string
  /** By name; each is asked for by itself. */
  readonly requests: (port: number) => Effect.Effect<Readonly<Record<string, Requests>>, Shoppers.WrongPage>
  /** Of which of them the slowest may only take so much longer than most. */
  readonly even: ReadonlyArray<string>
}

const inTurn = "all in turn"

/** Each page, and all of them in turn: that says as much of how different they are as of the tail of any. */
export const pages: Asked = {
  title: "Pages",
  unit: "pages",
  requests: (port) =>
    Effect.map(Shoppers.arrive(port, connections), (all) => ({
      ...all,
      [inTurn]: all.home.flatMap((_, index) => Object.values(all).map((heads) => heads[index] ?? ""))
    })),
  even: [...Object.keys(Shoppers.pages), "order"]
}

/** A page that is the same for everybody, of a server that does nothing else: what is tail here is the machine's. */
export const bare: Asked = {
  title: "Nothing but node:http",
  unit: "pages",
  requests: () =>
    Effect.succeed({ home: Array.from({ length: connections }, () => Shoppers.head("/", "shop_currency=EUR")) }),
  even: []
}

/** So many that nobody orders again before the last order is done with the cart. */
const buyers = 512

/** A game put in the cart, and ordered. */
export const purchases: Asked = {
  title: "Purchases: two games put in the cart and ordered",
  unit: "purchases",
  requests: (port) => Effect.map(Shoppers.purchases(port, buyers), (purchase) => ({ purchase })),
  even: []
}

/** What was found of one kind of request at one share of what the shop can do: medians over the rounds. */
interface Row {
  readonly name: string
  readonly share: number
  readonly perSecond: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  /** p99 in parts of p50, and how far apart the middle half of the rounds is in it, in parts of the median. */
  readonly tail: number
  readonly spread: number
  /** Milliseconds of CPU for one request. */
  readonly cpu: number
  /** How many of the answers do not count in that, since others had a core. */
  readonly disturbed: number
  /** How much of the time a process was ready to run and somebody else had its core; of its own threads too. */
  readonly waited: number
}

/** Asks at a fixed rate whether or not the shop keeps up: what shoppers wait for, and what it takes. */
export const run =
  <E extends Error>(
    open: (bench: Bench) => Effect.Effect<Shop, E, Scope.Scope>,
    { even, requests: asked, title: what, unit }: Asked = pages
  ) =>
  (bench: Bench) =>
    Effect.gen(function* () {
      const load = yield* bench.start("load", "scripts/bench/programs/HttpLoad.ts", bench.cores.load)
      const { port, processes, title } = yield* open(bench)
      const requests = Object.entries(yield* asked(port))
      const [{ pid } = { pid: 0 }] = processes
      const ask = (requests: Requests, millis: number, atRate: Pick<Load, "rate" | "pid"> = {}) =>
        Compare.metered(processes, load.ask("load", { port, millis, requests, concurrency: connections, ...atRate }))
      for (const [name, each] of requests) {
        Progress.say(`${unit}, ${title}: warming up ${name}`)
        for (let used = 0; used < bench.plan.warmUp * 3000;) used += Compare.total(yield* ask(each, bench.plan.slice))
      }
      const { capacity, rounds, share: millis } = bench.options.quick ? plans.quick : plans.thorough
      const found = requests.map(([name]) => ({ name, slices: shares.map(() => new Array<Compare.Slice>()) }))
      for (let round = 1; round <= rounds; round++) {
        for (const [index, [name, each]] of requests.entries()) {
          Progress.say(`${unit}, ${title}: ${name}, round ${round} of ${rounds}`)
          const { operations, seconds } = yield* ask(each, capacity)
          for (const [at, share] of shares.entries()) {
            const rate = (operations / seconds) * share
            const isJudged = share === shares[0] && processes.length === 1
            found[index]?.slices[at]?.push(yield* ask(each, millis, { rate, ...(isJudged ? { pid } : {}) }))
          }
        }
      }
      const rows = shares.flatMap((share, at) =>
        found.map(({ name, slices }) => rowOf(name, share, slices[at] ?? [], processes.length))
      )
      const memory = yield* Effect.forEach(processes, (process) => process.ask("usage", null))
      const megabytes = memory.map(({ rss }) => (rss / 1024 / 1024).toFixed(0))
      const all = found.flatMap(({ slices }) => slices.flat())
      const late = median(all.map(({ late }) => late))
      const slept = percent(Math.max(...all.map(({ slept }) => slept)))
      return {
        title: `${what}, open loop: ${title}`,
        unit,
        note: `A share of what it could do just before was due at a constant rate; latency counts from when a request was due, over ${connections} connections. 99 of 100 were sent within ${Table.number(late)} ms of that where a connection was free; nothing was due while the load itself had no core, ${slept} of the time at most. At half load of one process, latency counts only where neither the load's core nor the shop's was taken by others since the request was due. RSS after load: ${processes.map(({ name }, index) => `${name} ${megabytes[index]}`).join(", ")} MB.`,
        results: [],
        more: [tableOf(unit, rows), ...noisy(rows)],
        figures: rows,
        budgets:
          processes.length > 1
            ? []
            : rows
                .filter(({ name, share }) => share === shares[0] && even.includes(name))
                .map(({ name, tail }) =>
                  Budgets.atMost(`${name}: p99 at half load, in parts of p50`, tail, Budgets.most.tail)
                )
      } satisfies Section
    })

const rowOf = (name: string, share: number, slices: ReadonlyArray<Compare.Slice>, processes: number): Row => {
  const of = (figure: (slice: Compare.Slice) => number) => median(slices.map(figure))
  const tail = (slice: Compare.Slice) => slice.p99 / slice.p50
  return {
    name,
    share,
    perSecond: of(({ operations, seconds }) => operations / seconds),
    p50: of(({ p50 }) => p50),
    p95: of(({ p95 }) => p95),
    p99: of(({ p99 }) => p99),
    tail: of(tail),
    spread: spread(slices.map(tail)),
    cpu: of((slice) => Compare.cost(slice) / 1000),
    disturbed: of(({ disturbed }) => disturbed),
    waited: of(({ seconds, waited }) => waited / 1e6 / seconds / processes)
  }
}

const tableOf = (unit: string, rows: ReadonlyArray<Row>): string =>
  Table.make(rows, [
    { heading: "", cell: ({ name, share }) => `${name}, ${share * 100} %` },
    { heading: `${unit}/s`, cell: ({ perSecond }) => Table.number(perSecond) },
    { heading: "p50 ms", cell: ({ p50 }) => Table.number(p50) },
    { heading: "p95 ms", cell: ({ p95 }) => Table.number(p95) },
    { heading: "p99 ms", cell: ({ p99 }) => Table.number(p99) },
    { heading: "p99/p50", cell: ({ tail }) => Table.number(tail) },
    { heading: "spread", cell: ({ spread }) => percent(spread) },
    { heading: `CPU ms/${unit.replace(/s$/, "")}`, cell: ({ cpu }) => Table.number(cpu) },
    { heading: "not counted", cell: ({ disturbed }) => percent(disturbed) },
    { heading: "waited", cell: ({ waited }) => percent(waited) }
  ])

const percent = (part: number): string => `${Math.round(part * 100)} %`

/** What is left, if more than this is not counted, is no picture of what shoppers wait for. */
const mostDisturbed = 0.25

const noisy = (rows: ReadonlyArray<Row>): ReadonlyArray<string> => {
  const worst = Math.max(...rows.map(({ disturbed }) => disturbed))
  return worst > mostDisturbed ? [`  NOISY: others had a core in the way of ${percent(worst)} of the answers.\n`] : []
}
