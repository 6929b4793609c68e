import { type Tier, tiers } from "@retro/process/Tiers"
import { Effect } from "effect"
import { execFileSync, spawn } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as AtStart from "../../bundle/AtStart.ts"
import * as CodeCache from "../../bundle/CodeCache.ts"
import * as ImageFiles from "../../bundle/ImageFiles.ts"
import type { Bench } from "../Bench.ts"
import * as Budgets from "../Budgets.ts"
import * as Cores from "../Cores.ts"
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
  /** Milliseconds from the start of node until it serves; until the first page of the shop in one process is there. */
  readonly millis: number
  /** Milliseconds of CPU until then, of all threads: what a busy machine can tell. */
  readonly cpu: number
  /** Megabytes, two seconds later. */
  readonly rss: number
  /** Whether the machine was quiet: how much of it others used in those two seconds. */
  readonly quiet: boolean
}

/** From this on, the clock says more of the others than of the program. */
const busyFrom = 0.1

/** How soon each bundle serves, and what it takes while nobody asks anything. */
export const run = Effect.fnUntraced(function* (bench: Bench) {
  const folder = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "retro-bench-start-"))),
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
  )
  const services = Object.keys(tiers) as ReadonlyArray<Tier>
  yield* Effect.forEach(services, (name) => Effect.promise(() => ImageFiles.write(name, join(folder, name))))
  const station = yield* bench.bundled(bench.programs.station)
  const files = new Map([
    ...services.map((name) => [name, join(folder, name, "dist/main.mjs")] as const),
    ["station", station]
  ])
  const times = bench.options.quick ? 3 : 7
  const startAll = (node: string) =>
    Effect.forEach(files, ([name, file]) => start(name, node, file, bench.cores.measured, times))
  const started = yield* startAll(process.execPath)
  const other = bench.options.node
  if (other !== undefined) {
    yield* Effect.forEach(services, (name) => Effect.promise(() => CodeCache.write(join(folder, name, "dist"), other)))
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
          { heading: "ms to serve", cell: ({ millis }) => Table.number(millis) },
          { heading: "CPU ms", cell: ({ cpu }) => Table.number(cpu) },
          { heading: "RSS MB, idle", cell: ({ rss }) => Table.number(rss) }
        ]
      )
    ],
    budgets: started.flatMap(({ cpu, millis, name, quiet, rss }) => [
      Budgets.atMost(
        `${name}: ${quiet ? "" : "CPU "}ms until it serves`,
        quiet ? millis : cpu,
        name === "station" ? Budgets.most.firstPage : Budgets.most.serving
      ),
      Budgets.atMost(`${name}: RSS MB`, rss, memoryOf(name))
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
    millis: of("millis"),
    cpu: of("cpu"),
    rss: of("rss"),
    quiet: of("others") < busyFrom
  } satisfies Started
})

const versionOf = (node: string): string => execFileSync(node, ["--version"], { encoding: "utf8" }).trim()

/** Of all that node reads to start it. */
const bytesOf = (file: string): number => [...AtStart.filesOf(file)].reduce((sum, each) => sum + statSync(each).size, 0)

const once = async (name: string, node: string, file: string, cores: string | undefined) => {
  const begun = performance.now()
  const [program = "", ...args] = Cores.pinned(cores, [node, ...(name === "station" ? NodeFlags.ofStart : []), file])
  const child = spawn(program, args, {
    env: { ...CodeCache.alone, PATH: process.env["PATH"] },
    stdio: ["ignore", "pipe", "ignore"]
  })
  const port = await new Promise<number>((resolve, reject) => {
    let text = ""
    child.stdout.on("data", (chunk: Buffer) => {
      const [, port] = /"serving".*"port":(\d+)/.exec((text += chunk.toString())) ?? []
      if (port !== undefined) resolve(Number(port))
    })
    child.once("exit", () => reject(new Error(`${name} ended: ${text}`)))
  })
  if (name === "station") await (await fetch(`http://127.0.0.1:${port}/`)).text()
  const millis = performance.now() - begun
  const cpu = Machine.cpuOf(child.pid)
  const others = await Machine.inUse(2000)
  const [, kilobytes = "0"] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8")) ?? []
  child.removeAllListeners("exit").kill("SIGKILL")
  return { millis, cpu, rss: Number(kilobytes) / 1024, others }
}
