import { Effect, type Scope } from "effect"
import type { Bench } from "../Bench.ts"
import * as Budgets from "../Budgets.ts"
import * as Compare from "../Compare.ts"
import type { Load } from "../Ipc.ts"
import * as Progress from "../Progress.ts"
import type { Section } from "../Report.ts"
import * as Shoppers from "../Shoppers.ts"
import type { Shop } from "../Shops.ts"
import * as Table from "../Table.ts"

/** Fewer than would be a crowd, which the website turns away. */
const connections = 16

/** How much of what the shop can do is asked of it. */
const shares = [0.5, 0.9]

/** What is asked of a shop. */
interface Asked {
  readonly title: string
  readonly unit: string
  readonly requests: (port: number) => Effect.Effect<NonNullable<Load["requests"]>, Shoppers.WrongPage>
  /** Whether the slowest may only take so much longer than most. */
  readonly even: boolean
}

/** So many that nobody orders again before the last order is done with the cart. */
const buyers = 512

/** Every page, for shoppers of its own. */
export const pages: Asked = {
  title: "Home, product, cart, search and order in turn",
  unit: "pages",
  requests: (port) =>
    Effect.map(Shoppers.arrive(port, connections / 2), (all) =>
      all.home.flatMap((_, index) => Object.values(all).map((heads) => heads[index] ?? ""))
    ),
  even: true
}

/** A game put in the cart, and ordered. */
export const purchases: Asked = {
  title: "Purchases: two games put in the cart and ordered",
  unit: "purchases",
  requests: (port) => Shoppers.purchases(port, buyers),
  even: false
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
      const requests = yield* asked(port)
      const ask = (millis: number, rate?: number) =>
        Compare.metered(
          processes,
          load.ask("load", {
            port,
            millis,
            requests,
            concurrency: connections,
            ...(rate === undefined ? {} : { rate })
          })
        )
      const seconds = bench.options.quick ? 4 : 20
      Progress.say(`${unit}, ${title}: warming up`)
      for (let used = 0; used < bench.plan.warmUp * 2000;) used += total(yield* ask(bench.plan.slice))
      Progress.say(`${unit}, ${title}: what it can do`)
      const { operations, seconds: took } = yield* ask(seconds * 500)
      const capacity = operations / took
      const rows = yield* Effect.forEach(shares, (share) =>
        Effect.gen(function* () {
          Progress.say(`${unit}, ${title}: ${share * 100} % of ${capacity.toFixed(0)} ${unit}/s for ${seconds} s`)
          const slice = yield* ask(seconds * 1000, capacity * share)
          return { share, slice }
        })
      )
      const memory = yield* Effect.forEach(processes, (process) => process.ask("usage", null))
      const megabytes = memory.map(({ rss }) => rss / 1024 / 1024)
      const [half] = rows
      return {
        title: `${what}, open loop: ${title}`,
        unit,
        note: `It can do ${capacity.toFixed(0)} ${unit}/s; then that share of it was due at fixed times, and latency counts from when it was due. RSS after load: ${processes.map(({ name }, index) => `${name} ${megabytes[index]?.toFixed(0)}`).join(", ")} MB.`,
        results: [],
        more: [
          Table.make(rows, [
            { heading: "share", cell: ({ share }) => `${share * 100} %` },
            { heading: `${unit}/s`, cell: ({ slice }) => Table.number(slice.operations / slice.seconds) },
            { heading: "p50 ms", cell: ({ slice }) => Table.number(slice.p50) },
            { heading: "p95 ms", cell: ({ slice }) => Table.number(slice.p95) },
            { heading: "p99 ms", cell: ({ slice }) => Table.number(slice.p99) },
            {
              heading: `CPU ms/${unit.replace(/s$/, "")}`,
              cell: ({ slice }) => Table.number(total(slice) / slice.operations / 1000)
            }
          ])
        ],
        budgets:
          !even || processes.length > 1 || half === undefined
            ? []
            : [Budgets.atMost("p99 at half load, in parts of p50", half.slice.p99 / half.slice.p50, Budgets.most.tail)]
      } satisfies Section
    })

const total = ({ cpu }: Compare.Slice): number => Object.values(cpu).reduce((sum, each) => sum + each, 0)
