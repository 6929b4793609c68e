import { type Tier, tiers } from "@retro/process/Tiers"
import { Effect } from "effect"
import { type ChildProcess, execFileSync } from "node:child_process"
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { setTimeout } from "node:timers/promises"
import * as AtStart from "../../bundle/AtStart.mjs"
import * as CodeCache from "../../bundle/CodeCache.ts"
import * as ImageFiles from "../../bundle/ImageFiles.ts"
import * as Kept from "../../bundle/Kept.mjs"
import * as Alone from "../Alone.ts"
import type { Bench } from "../Bench.ts"
import * as Budgets from "../Budgets.ts"
import * as Machine from "../Machine.ts"
import * as NodeFlags from "../NodeFlags.ts"
import * as Progress from "../Progress.ts"
import type { Section } from "../Report.ts"
import { median } from "../Statistics.ts"
import * as Table from "../Table.ts"

/** How one program started, over several starts. */
interface Started {
  readonly name: string
  readonly node: string
  readonly bytes: number
  /** Bytes that its image has beside node's own; none for the shop in one process, which has no image. */
  readonly image: number | undefined
  /** Milliseconds from the start of node until it serves; until the first page of the shop in one process is there. */
  readonly millis: number
  /** Milliseconds of CPU until then, of all threads: what a busy machine can tell. */
  readonly cpu: number
  /** Megabytes, two seconds later: with what the start left to be collected. */
  readonly rss: number
  /** Megabytes, once nobody has asked anything for so long that V8 has collected it: what an operator sees. */
  readonly rested: number
  /** Whether the machine was quiet: how much of it others used in those two seconds. */
  readonly quiet: boolean
}

/** From this on, the clock says more of the others than of the program. */
const busyFrom = 0.1

/** V8 collects what a start left 8 seconds later, and more slowly after a start that allocated much. */
const restMillis = 40_000

/** How soon each bundle serves, and what it takes while nobody asks anything. */
export const run = Effect.fnUntraced(function* (bench: Bench) {
  const folder = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "retro-bench-start-"))),
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
  )
  const distOf = (name: string) => join(folder, name, "dist")
  const services = Object.keys(tiers) as ReadonlyArray<Tier>
  yield* Effect.forEach(services, (name) => Effect.promise(() => ImageFiles.write(name, join(folder, name))))
  yield* Effect.promise(() => Kept.write(bench.programs.station, distOf("station")))
  yield* Effect.promise(() => CodeCache.write(distOf("station"), process.execPath, NodeFlags.ofStart))
  const files = new Map([...services, "station"].map((name) => [name, join(distOf(name), "main.cjs")] as const))
  const times = bench.options.quick ? 3 : 7
  const startAll = Effect.fnUntraced(function* (node: string) {
    const started = yield* Effect.forEach(files, ([name, file]) => start(name, node, file, bench.cores.measured, times))
    const rested = yield* Effect.promise(() => rest(files, node, bench.cores.measured))
    return started.map((each): Started => ({ ...each, rested: rested.get(each.name) ?? Number.NaN }))
  })
  const started = yield* startAll(process.execPath)
  const other = bench.options.node
  if (other !== undefined) {
    yield* Effect.forEach(services, (name) => Effect.promise(() => CodeCache.write(distOf(name), other)))
    yield* Effect.promise(() => CodeCache.write(distOf("station"), other, NodeFlags.ofStart))
  }
  const beside = other === undefined ? [] : yield* startAll(other)
  return {
    title: "Start and idle memory of each bundle",
    unit: "starts",
    note: `Medians of ${times} starts; the shop in one process (station) until its first page. Judged by the clock where the machine was quiet, by CPU where others used more than a tenth of it.`,
    results: [],
    more: [
      Table.make(
        [...started, ...beside],
        [
          { heading: "bundle", cell: ({ name }) => name },
          { heading: "node", cell: ({ node }) => node },
          { heading: "kB", cell: ({ bytes }) => Table.number(bytes / 1000) },
          { heading: "image kB", cell: ({ image }) => (image === undefined ? "–" : Table.number(image / 1000)) },
          { heading: "ms to serve", cell: ({ millis }) => Table.number(millis) },
          { heading: "CPU ms", cell: ({ cpu }) => Table.number(cpu) },
          { heading: "RSS MB after 2 s", cell: ({ rss }) => Table.number(rss) },
          { heading: `after ${restMillis / 1000} s`, cell: ({ rested }) => Table.number(rested) }
        ]
      )
    ],
    figures: [...started, ...beside],
    budgets: started.flatMap(({ cpu, millis, name, quiet, rested }) => [
      Budgets.atMost(
        `${name}: ${quiet ? "" : "CPU "}ms until it serves`,
        quiet ? millis : cpu,
        name === "station" ? Budgets.most.firstPage : Budgets.most.serving
      ),
      Budgets.atMost(`${name}: RSS MB at rest`, rested, memoryOf(name))
    ])
  } satisfies Section
})

const memoryOf = (name: string): number =>
  name === "station" ? Budgets.memory.station : asksTheWeb.has(name) ? Budgets.memory.more : Budgets.memory.service

/** They have an HTTP client. */
const asksTheWeb: ReadonlySet<string> = new Set(["currencyservice"])

const start = Effect.fnUntraced(function* (
  name: string,
  node: string,
  file: string,
  cores: string | undefined,
  times: number
) {
  Progress.say(`starting ${name} ${times} times`)
  const starts = yield* Effect.replicateEffect(
    Effect.promise(() => once(name, node, file, cores)),
    times
  )
  const of = (field: keyof (typeof starts)[number]) => median(starts.map((each) => each[field]))
  return {
    name,
    node: versionOf(node),
    bytes: bytesOf(file),
    image: name === "station" ? undefined : sizeOf(dirname(dirname(file))),
    millis: of("millis"),
    cpu: of("cpu"),
    rss: of("rss"),
    quiet: of("others") < busyFrom
  }
})

const versionOf = (node: string): string => execFileSync(node, ["--version"], { encoding: "utf8" }).trim()

const sizeOf = (folder: string): number =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => statSync(join(folder, name)))
    .reduce((sum, entry) => sum + (entry.isFile() ? entry.size : 0), 0)

/** Of all that node reads to start it. */
const bytesOf = (file: string): number => [...AtStart.filesOf(file)].reduce((sum, each) => sum + statSync(each).size, 0)

const once = async (name: string, node: string, file: string, cores: string | undefined) => {
  const begun = performance.now()
  const child = await Alone.start(name, node, file, cores)
  const millis = performance.now() - begun
  const cpu = Machine.cpuOf(child.pid)
  const others = await Machine.inUse(2000)
  const rss = Alone.memoryOf(child)
  Alone.end(child)
  return { millis, cpu, rss, others }
}

/** What each takes after a long rest, in megabytes; all of them rest together. */
const rest = async (files: ReadonlyMap<string, string>, node: string, cores: string | undefined) => {
  const children = new Map<string, ChildProcess>()
  for (const [name, file] of files) children.set(name, await Alone.start(name, node, file, cores))
  Progress.say(`${restMillis / 1000} seconds of rest`)
  await setTimeout(restMillis)
  const rested = new Map([...children].map(([name, child]) => [name, Alone.memoryOf(child)]))
  for (const child of children.values()) Alone.end(child)
  return rested
}
