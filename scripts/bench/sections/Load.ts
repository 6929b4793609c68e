import { Effect, type Scope } from "effect"
import type { Bench } from "../Bench.ts"
import * as Budgets from "../Budgets.ts"
import * as Compare from "../Compare.ts"
import * as Progress from "../Progress.ts"
import type { Section } from "../Report.ts"
import * as Shoppers from "../Shoppers.ts"
import type { Shop } from "../Shops.ts"
import * as Table from "../Table.ts"

const connections = 32

/** How much of what the shop can do is asked of it. */
const shares = [0.5, 0.9]

/** All pages in turn, at a fixed rate whether or not the shop keeps up: what shoppers wait for, and what it takes. */
export const run =
  <E extends Error>(open: (bench: Bench) => Effect.Effect<Shop, E, Scope.Scope>) =>
  (bench: Bench) =>
    Effect.gen(function* () {
      const load = yield* bench.start("load", "scripts/bench/programs/HttpLoad.ts", bench.cores.load)
      const { port, processes, title } = yield* open(bench)
      const requests = yield* mixed(port)
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
      Progress.say(`load, ${title}: warming up`)
      for (let used = 0; used < bench.plan.warmUp * 2000;) used += total(yield* ask(bench.plan.slice))
      Progress.say(`load, ${title}: what it can do`)
      const { operations, seconds: took } = yield* ask(seconds * 500)
      const capacity = operations / took
      const rows = yield* Effect.forEach(shares, (share) =>
        Effect.gen(function* () {
          Progress.say(`load, ${title}: ${share * 100} % of ${capacity.toFixed(0)} pages/s for ${seconds} s`)
          const slice = yield* ask(seconds * 1000, capacity * share)
          return { share, slice }
        })
      )
      const memory = yield* Effect.forEach(processes, (process) => process.ask("usage", null))
      const megabytes = memory.map(({ rss }) => rss / 1024 / 1024)
      const [half] = rows
      return {
        title: `Home, product, cart and search in turn, open loop: ${title}`,
        unit: "pages",
        note: `It can do ${capacity.toFixed(0)} pages/s; then that share of it was due at fixed times, and latency counts from when a page was due. RSS after load: ${processes.map(({ name }, index) => `${name} ${megabytes[index]?.toFixed(0)}`).join(", ")} MB.`,
        results: [],
        more: [
          Table.make(rows, [
            { heading: "share", cell: ({ share }) => `${share * 100} %` },
            { heading: "pages/s", cell: ({ slice }) => Table.number(slice.operations / slice.seconds) },
            { heading: "p50 ms", cell: ({ slice }) => Table.number(slice.p50) },
            { heading: "p95 ms", cell: ({ slice }) => Table.number(slice.p95) },
            { heading: "p99 ms", cell: ({ slice }) => Table.number(slice.p99) },
            { heading: "CPU ms/page", cell: ({ slice }) => Table.number(total(slice) / slice.operations / 1000) }
          ])
        ],
        budgets:
          processes.length > 1 || half === undefined
            ? []
            : [Budgets.atMost("p99 at half load, in parts of p50", half.slice.p99 / half.slice.p50, Budgets.most.tail)]
      } satisfies Section
    })

/** Every page, for shoppers of its own. */
const mixed = (port: number) =>
  Effect.map(Shoppers.arrive(port, connections / 4), ({ cart, home, product, search }) =>
    home.flatMap((head, index) => [head, product[index] ?? head, cart[index] ?? head, search[index] ?? head])
  )

const total = ({ cpu }: Compare.Slice): number => Object.values(cpu).reduce((sum, each) => sum + each, 0)
