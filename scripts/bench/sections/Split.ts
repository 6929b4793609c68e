import { Effect } from "effect"
import type { Bench } from "../Bench.ts"
import * as Compare from "../Compare.ts"
import type { Process } from "../Process.ts"
import type { Section } from "../Report.ts"
import * as Shoppers from "../Shoppers.ts"
import * as Shops from "../Shops.ts"
import * as Table from "../Table.ts"

const concurrency = 16

/** Pages of the shop as nine processes with a real Redis, beside those of the shop in one. */
export const run = Effect.fnUntraced(function* (bench: Bench) {
  const load = yield* bench.start("load", "scripts/bench/programs/HttpLoad.ts", bench.cores.load)
  const fused = yield* Shops.fused(bench)
  const split = yield* Shops.split(bench)
  const pagesOf = Effect.fnUntraced(function* ({ port, processes, title }: Shops.Shop) {
    const requests = yield* Shoppers.arrive(port, concurrency)
    return Object.entries(requests).map(([page, heads]): Compare.Contestant => ({
      name: `${page}, ${title}`,
      slice: (millis) => Compare.metered(processes, load.ask("load", { port, millis, concurrency, requests: heads })),
      base: `${page}, ${fused.title}`
    }))
  })
  const idle = yield* memoryOf([...fused.processes, ...split.processes])
  const [ours, theirs] = [yield* pagesOf(fused), yield* pagesOf(split)]
  const results = yield* Compare.run(
    "split",
    ours.flatMap((page, index) => [page, theirs[index]!]),
    {
      ...bench.plan,
      slice: bench.plan.slice * 2
    }
  )
  const loaded = yield* memoryOf([...fused.processes, ...split.processes])
  return {
    title: "The shop as nine processes with a Redis, beside the shop in one",
    unit: "pages",
    note: `${concurrency} shoppers; both shops on the same cores (${bench.cores.shop ?? "any"}); CPU of all their processes.`,
    results,
    more: [processTable(results, idle, loaded)]
  } satisfies Section
})

const memoryOf = (processes: ReadonlyArray<Process>) =>
  Effect.map(
    Effect.forEach(processes, (process) =>
      Effect.map(process.ask("usage", null), ({ rss }) => [process.name, rss] as const)
    ),
    (entries): ReadonlyMap<string, number> => new Map(entries)
  )

const processTable = (
  results: ReadonlyArray<Compare.Result>,
  idle: ReadonlyMap<string, number>,
  loaded: ReadonlyMap<string, number>
): string => {
  const cpuOf = (name: string, page: string) =>
    results.find((result) => result.name.startsWith(`${page},`) && name in result.cpuOf)?.cpuOf[name] ?? 0
  const megabytes = (bytes: number | undefined) => Table.number((bytes ?? 0) / 1024 / 1024)
  const pages = [...Object.keys(Shoppers.pages), "order"]
  return Table.make(
    [...idle.keys()],
    [
      { heading: "process", cell: (name) => name },
      { heading: "RSS MB, idle", cell: (name) => megabytes(idle.get(name)) },
      { heading: "after load", cell: (name) => megabytes(loaded.get(name)) },
      ...pages.map((page) => ({ heading: `CPU µs/${page}`, cell: (name: string) => Table.number(cpuOf(name, page)) }))
    ]
  )
}
