import { Effect } from "effect"
import { readFileSync } from "node:fs"
import type { Profiler, Runtime } from "node:inspector"
import { type SourceMapPayload, SourceMap } from "node:module"
import { fileURLToPath } from "node:url"
import type { Process, ProcessEnded } from "./Process.ts"
import * as Table from "./Table.ts"

/** A place in the sources and the part of the busy time that was spent in it, and not in what it calls. */
interface Spot {
  readonly name: string
  readonly part: number
}

const shown = { modules: 14, functions: 25 }

/** Profiles a process while it works: the .cpuprofile file (Chrome and VS Code open it) and a summary of it. */
export const take = Effect.fnUntraced(function* <E>(
  title: string,
  process: Process,
  file: string,
  work: Effect.Effect<unknown, E | ProcessEnded>
) {
  yield* process.ask("profileStart", null)
  yield* work
  yield* process.ask("profileStop", file)
  return `Profile of ${title}: ${file}\n${summarize(JSON.parse(readFileSync(file, "utf8")))}`
})

const summarize = (profile: Profiler.Profile): string => {
  const { functions, modules } = selfTimes(profile)
  const columns = (heading: string): ReadonlyArray<Table.Column<Spot>> => [
    { heading, cell: ({ name }) => name },
    { heading: "self time", cell: ({ part }) => `${(part * 100).toFixed(1)} %` }
  ]
  return [
    Table.make(largest(modules, shown.modules), columns("module")),
    Table.make(largest(functions, shown.functions), columns("function"))
  ].join("\n")
}

const selfTimes = (profile: Profiler.Profile) => {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node.callFrame]))
  const functions = new Map<string, number>()
  const modules = new Map<string, number>()
  const sourceOf = sources()
  profile.samples?.forEach((id, index) => {
    const frame = nodes.get(id)
    if (frame === undefined || notTheProgram.has(frame.functionName)) return
    const micros = profile.timeDeltas?.[index] ?? 0
    const { line, path } = sourceOf(frame)
    add(functions, `${frame.functionName || "(anonymous)"}  ${path}${line}`, micros)
    add(modules, moduleOf(path || frame.functionName), micros)
  })
  return { functions, modules }
}

/** Waiting, and the profiler itself. */
const notTheProgram = new Set(["(idle)", "dispatch"])

const add = (sums: Map<string, number>, name: string, micros: number) => sums.set(name, (sums.get(name) ?? 0) + micros)

const largest = (sums: ReadonlyMap<string, number>, count: number): ReadonlyArray<Spot> => {
  const whole = [...sums.values()].reduce((sum, each) => sum + each, 0)
  return [...sums]
    .map(([name, micros]) => ({ name, part: micros / whole }))
    .sort((one, other) => other.part - one.part)
    .slice(0, count)
}

/** Finds where a function of a bundle was before it was bundled. */
const sources = () => {
  const maps = new Map<string, SourceMap>()
  return ({ columnNumber, lineNumber, url }: Runtime.CallFrame): { path: string; line: string } => {
    if (!url.startsWith("file:")) return { path: url, line: "" }
    const file = fileURLToPath(url)
    const map = maps.get(file) ?? new SourceMap(JSON.parse(readFileSync(`${file}.map`, "utf8")) as SourceMapPayload)
    maps.set(file, map)
    const entry = map.findEntry(lineNumber, columnNumber)
    if (!("originalSource" in entry)) return { path: file, line: "" }
    return {
      path: entry.originalSource.replace(/^.*?(?=node_modules\/|packages\/)/, ""),
      line: `:${entry.originalLine + 1}`
    }
  }
}

/** A package of npm as a whole, ours by file. */
const moduleOf = (path: string): string => /node_modules\/((@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? path
