// What the website does when four times as many shoppers come as it can serve: `npm run overload`. A closed loop finds
// what it can serve, then an open one sends four times that, in turns, since machines have moods: the table has medians. The
// shop has one core, the load another. Fails where fewer than 80 % of what the same processor time serves before and after
// are served, or where one refusal of twenty takes 10 ms, after the first second.
// `-- --times 8`, `-- --rounds 9`, `-- --only cart`, `-- --split` for nine processes and Redis.
import { Console, Duration, Effect } from "effect"
import { parseArgs } from "node:util"
import * as Bench from "./bench/Bench.ts"
import type { Flooded } from "./bench/Ipc.ts"
import * as Shoppers from "./bench/Shoppers.ts"
import * as Shops from "./bench/Shops.ts"
import { median } from "./bench/Statistics.ts"
import * as Table from "./bench/Table.ts"

const { values } = parseArgs({
  options: {
    times: { type: "string", default: "4" },
    rounds: { type: "string", default: "5" },
    only: { type: "string" },
    split: { type: "boolean", default: false }
  }
})
const times = Number(values.times)
const rounds = Number(values.rounds)
const concurrency = 16

/** Of a flood, of a closed loop between two, and of the first of those, which warms up, in milliseconds. */
const millis = { flood: 4000, closed: 1000, warmUp: 3000 }

/** How long the website may take to find out. */
const atFirst = 1000

/** Between two floods: the queue of the first must be gone. */
const calm = "1 second"

/** A flood, and what a closed loop was served before and after it. */
interface Round extends Flooded {
  /** Pages per second of processor time in the closed loops. */
  readonly capacity: number
  /** Seconds of processor time per second that the shop got while it was flooded: less than 1 where others were served. */
  readonly share: number
}

interface Result {
  readonly page: string
  readonly rounds: ReadonlyArray<Round>
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
      const closed = (millis: number) =>
        timed(load.ask("load", { port, millis, concurrency, requests: requests.slice(0, concurrency) }))
      yield* closed(millis.warmUp)
      let before = yield* closed(millis.closed)
      const flooded = new Array<Round>()
      for (let round = 0; round < rounds; round++) {
        const perSecond = (before.answer.operations / before.answer.seconds) * times
        const { answer, share } = yield* timed(
          flood.ask("flood", { port, millis: millis.flood, atFirst, perSecond, requests })
        )
        yield* Effect.sleep(calm)
        const after = yield* closed(millis.closed)
        const capacity = (before.answer.operations + after.answer.operations) / (before.seconds + after.seconds)
        flooded.push({ capacity, share, ...answer })
        before = after
      }
      return { page, rounds: flooded }
    })
  )
}).pipe(Effect.scoped)

const goodput = ({ capacity, served, share }: Round): number => served.perSecond / share / capacity

const middle = ({ rounds }: Result, of: (round: Round) => number): number => median(rounds.map(of))

const number = (heading: string, of: (round: Round) => number): Table.Column<Result> => ({
  heading,
  cell: (result) => Table.number(middle(result, of))
})

const percent = (heading: string, of: (round: Round) => number): Table.Column<Result> => ({
  heading,
  cell: (result) => `${Math.round(middle(result, of) * 100)} %`
})

const columns: ReadonlyArray<Table.Column<Result>> = [
  { heading: "page", cell: ({ page }) => page },
  number("capacity/s", ({ capacity }) => capacity),
  number("served/s", ({ served }) => served.perSecond),
  percent("of the core", ({ share }) => share),
  percent("goodput", goodput),
  { heading: "of rounds", cell: ({ rounds }) => rounds.map((round) => Math.round(goodput(round) * 100)).join(" ") },
  number("p50 ms", ({ served }) => served.p50),
  number("p99", ({ served }) => served.p99),
  number("refused/s", ({ refused }) => refused.perSecond),
  number("p50 ms", ({ refused }) => refused.p50),
  number("p95", ({ refused }) => refused.p95),
  number("p99", ({ refused }) => refused.p99),
  number("p95 at first", ({ refusedAtFirst }) => refusedAtFirst),
  number("failed", ({ failures }) => failures),
  number("unanswered", ({ unanswered }) => unanswered),
  number("sent late, p99", ({ late }) => late)
]

const results = await Effect.runPromise(Effect.tap(main, (results) => Console.log(Table.make(results, columns))))
const isKept = results.every(
  (result) => middle(result, goodput) >= 0.8 && middle(result, ({ refused }) => refused.p95) < 10
)
process.exit(isKept ? 0 : 1)
