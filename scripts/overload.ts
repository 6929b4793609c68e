// What the website does when four times as many shoppers come as it can serve: `npm run overload`. A closed loop finds
// what it can serve, then an open one sends four times that. Fails where fewer than 80 % of it are served, or where the
// middle refusal takes 10 ms. `-- --times 8`, `-- --seconds 20`, `-- --only cart`.
import { Console, Effect } from "effect"
import { parseArgs } from "node:util"
import * as Bench from "./bench/Bench.ts"
import type { Flooded } from "./bench/Ipc.ts"
import * as Shoppers from "./bench/Shoppers.ts"
import * as Table from "./bench/Table.ts"

const { values } = parseArgs({
  options: {
    times: { type: "string", default: "4" },
    seconds: { type: "string", default: "8" },
    only: { type: "string" }
  }
})
const times = Number(values.times)
const millis = Number(values.seconds) * 1000
const concurrency = 16

/** Between two floods: the queue of the first must be gone. */
const calm = "3 seconds"

interface Result extends Flooded {
  readonly page: string
  /** Pages per second of a closed loop. */
  readonly capacity: number
}

const main = Effect.gen(function* () {
  const bench = yield* Bench.make({ quick: true, profile: false, beside: undefined, prove: false })
  const { measured, load: other } = bench.cores
  const { port } = yield* bench.serve({ name: "station", program: "packages/station/main.ts", cores: measured })
  const load = yield* bench.start("load", "scripts/bench/programs/HttpLoad.ts", other)
  const flood = yield* bench.start("flood", "scripts/bench/programs/OpenLoad.ts", other)
  const shoppers = Object.entries(yield* Shoppers.arrive(port, concurrency))
  const wanted = shoppers.filter(([page]) => values.only === undefined || values.only.split(",").includes(page))
  return yield* Effect.forEach(wanted, ([page, requests]) =>
    Effect.gen(function* () {
      const closed = (length: number) => load.ask("load", { port, millis: length, concurrency, requests })
      yield* closed(millis / 4)
      const { operations, seconds } = yield* closed(millis / 2)
      const capacity = operations / seconds
      const perSecond = capacity * times
      const flooded = yield* flood.ask("flood", { port, millis, ignored: millis / 4, perSecond, requests })
      yield* Effect.sleep(calm)
      return { page, capacity, ...flooded } satisfies Result
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
  { heading: "failed", cell: ({ failures }) => Table.number(failures) },
  { heading: "unanswered", cell: ({ unanswered }) => Table.number(unanswered) }
]

const results = await Effect.runPromise(Effect.tap(main, (results) => Console.log(Table.make(results, columns))))
const isKept = results.every((result) => goodput(result) >= 0.8 && result.refused.p50 < 10)
process.exit(isKept ? 0 : 1)
