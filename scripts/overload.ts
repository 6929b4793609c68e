// What the website does when four times as many shoppers come as it can serve: `npm run overload`. A closed loop finds
// what it can serve, then an open one sends four times that. The shop has one core, the load another. Fails where fewer
// than 80 % of what the same processor time serves otherwise are, or where one refusal of twenty takes 10 ms, after the first second.
// `-- --times 8`, `-- --seconds 20`, `-- --only cart`, `-- --split` for nine processes and Redis.
import { Console, Duration, Effect } from "effect"
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
    split: { type: "boolean", default: false }
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
  /** Pages per second of processor time in a closed loop, before the flood or after it, whichever is more. */
  readonly capacity: number
  /** Seconds of processor time per second that the shop got while it was flooded: less than 1 where others were served. */
  readonly share: number
}

const main = Effect.gen(function* () {
  const bench = yield* Bench.make({ quick: true, profile: false, beside: undefined, node: undefined, prove: false })
  const { measured, load: other } = bench.cores
  const { port, processes } = yield* (values.split ? Shops.split : Shops.fused)({
    ...bench,
    cores: { ...bench.cores, shop: measured }
  })
  const load = yield* bench.start("load", "scripts/bench/programs/HttpLoad.ts", other)
  const flood = yield* bench.start("flood", "scripts/bench/programs/OpenLoad.ts", other)
  const { cart, home, product, search } = yield* Shoppers.arrive(port, concurrency)
  const mixed = home.flatMap((head, index) => [head, product[index] ?? "", cart[index] ?? "", search[index] ?? ""])
  const all = Object.entries({ home, product, cart, search, mixed })
  const wanted = all.filter(([page]) => values.only === undefined || values.only.split(",").includes(page))
  const used = Effect.map(
    Effect.forEach(processes, (process) => process.ask("usage", null)),
    (usages) => usages.reduce((sum, { cpu }) => sum + cpu / 1e6, 0)
  )
  const timed = Effect.fnUntraced(function* <A, E>(effect: Effect.Effect<A, E>) {
    const before = yield* used
    const [took, answer] = yield* Effect.timed(effect)
    return { answer, seconds: (yield* used) - before, share: ((yield* used) - before) / Duration.toSeconds(took) }
  })
  return yield* Effect.forEach(wanted, ([page, requests]) =>
    Effect.gen(function* () {
      const closed = timed(
        load.ask("load", { port, millis: millis / 2, concurrency, requests: requests.slice(0, concurrency) })
      )
      yield* closed
      const before = yield* closed
      const perSecond = (before.answer.operations / before.answer.seconds) * times
      const { answer, share } = yield* timed(flood.ask("flood", { port, millis, atFirst, perSecond, requests }))
      yield* Effect.sleep(calm)
      const after = yield* closed
      const [earlier, later] = [before, after].map(({ answer, seconds }) => answer.operations / seconds)
      return { page, share, capacity: Math.max(earlier ?? 0, later ?? 0), ...answer } satisfies Result
    })
  )
}).pipe(Effect.scoped)

const goodput = ({ capacity, served, share }: Result): number => served.perSecond / share / capacity

const columns: ReadonlyArray<Table.Column<Result>> = [
  { heading: "page", cell: ({ page }) => page },
  { heading: "capacity/s", cell: ({ capacity }) => Table.number(capacity) },
  { heading: "served/s", cell: ({ served }) => Table.number(served.perSecond) },
  { heading: "of the core", cell: ({ share }) => `${Math.round(share * 100)} %` },
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
  { heading: "sent late, p99", cell: ({ late }) => Table.number(late) }
]

const results = await Effect.runPromise(Effect.tap(main, (results) => Console.log(Table.make(results, columns))))
const isKept = results.every((result) => goodput(result) >= 0.8 && result.refused.p95 < 10)
process.exit(isKept ? 0 : 1)
