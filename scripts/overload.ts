// What the website does when four times as many shoppers come as it can serve: `npm run overload`. A closed loop finds
// what it can serve, then an open one sends four times that. The shop has one core, the load another. Fails where fewer
// than 80 % of what can be served are, or where one refusal of twenty takes 10 ms, after the first second.
// `-- --times 8`, `-- --seconds 20`, `-- --only cart`, `-- --split` for nine processes and Redis, `-- --profile`.
import { Console, Effect } from "effect"
import { parseArgs } from "node:util"
import * as Bench from "./bench/Bench.ts"
import type { Flooded } from "./bench/Ipc.ts"
import * as Shoppers from "./bench/Shoppers.ts"
import * as Shops from "./bench/Shops.ts"
import * as Table from "./bench/Table.ts"

const { values } = parseArgs({
  options: {
    times: { type: "string", default: "4" },
    seconds: { type: "string", default: "8" },
    only: { type: "string" },
    split: { type: "boolean", default: false },
    profile: { type: "boolean", default: false }
  }
})
const times = Number(values.times)
const millis = Number(values.seconds) * 1000
const concurrency = 16

/** How long the website may take to find out. */
const atFirst = 1000

/** Between two floods: the queue of the first must be gone. */
const calm = "2 seconds"

interface Result extends Flooded {
  readonly page: string
  /** Pages per second of a closed loop, before the flood or after it, whichever is more. */
  readonly capacity: number
}

const main = Effect.gen(function* () {
  const bench = yield* Bench.make({ quick: true, profile: values.profile, beside: undefined, prove: false })
  const shop = yield* values.split ? Shops.split(bench) : Shops.fused(bench)
  const website = shop.processes.find(({ name }) => name === "station" || name === "frontend")!
  const load = yield* bench.start("load", "scripts/bench/programs/HttpLoad.ts", bench.cores.load)
  const flood = yield* bench.start("flood", "scripts/bench/programs/OpenLoad.ts", bench.cores.load)
  const shoppers = yield* Shoppers.arrive(shop.port, concurrency)
  const all = Object.entries({ ...shoppers, all: Object.values(shoppers).flat() })
  const wanted = all.filter(([page]) => values.only === undefined || values.only.split(",").includes(page))
  return yield* Effect.forEach(wanted, ([page, requests]) =>
    Effect.gen(function* () {
      const closed = (length: number) =>
        Effect.map(
          load.ask("load", { port: shop.port, millis: length, concurrency, requests: requests.slice(-concurrency) }),
          ({ operations, seconds }) => operations / seconds
        )
      yield* closed(millis / 2)
      const before = yield* closed(millis / 2)
      const overload = flood.ask("flood", { port: shop.port, millis, atFirst, perSecond: before * times, requests })
      const flooded = yield* overload
      yield* Effect.sleep(calm)
      const after = yield* closed(millis / 2)
      const profile = yield* bench.profile({ name: page, slice: () => overload as never }, website)
      yield* Console.log(profile.join("\n"))
      return { page, capacity: Math.max(before, after), ...flooded } satisfies Result
    })
  )
}).pipe(Effect.scoped)

const goodput = ({ capacity, served }: Result): number => served.perSecond / capacity

const columns: ReadonlyArray<Table.Column<Result>> = [
  { heading: "page", cell: ({ page }) => page },
  { heading: "capacity/s", cell: ({ capacity }) => Table.number(capacity) },
  { heading: "served/s", cell: ({ served }) => Table.number(served.perSecond) },
  { heading: "goodput", cell: (result) => `${Math.round(goodput(result) * 100)} %` },
  { heading: "p50 ms", cell: ({ served }) => Table.number(served.p50) },
  { heading: "p99", cell: ({ served }) => Table.number(served.p99) },
  { heading: "refused/s", cell: ({ refused }) => Table.number(refused.perSecond) },
  { heading: "p50 ms", cell: ({ refused }) => Table.number(refused.p50) },
  { heading: "p95", cell: ({ refused }) => Table.number(refused.p95) },
  { heading: "p99", cell: ({ refused }) => Table.number(refused.p99) },
  { heading: "p95 at first", cell: ({ refusedAtFirst }) => Table.number(refusedAtFirst) },
  { heading: "failed", cell: ({ failures }) => Table.number(failures) },
  { heading: "unanswered", cell: ({ unanswered }) => Table.number(unanswered) },
  { heading: "sent late, p99", cell: ({ late }) => Table.number(late) },
  { heading: "connections", cell: ({ connections }) => Table.number(connections) }
]

const results = await Effect.runPromise(Effect.tap(main, (results) => Console.log(Table.make(results, columns))))
const isKept = results.every((result) => goodput(result) >= 0.8 && result.refused.p95 < 10)
process.exit(isKept ? 0 : 1)
