import * as LogLine from "@retro/process/LogLine"
import { Option } from "effect"
import { isDeepStrictEqual } from "node:util"

/** How a process is doing. */
export interface Status {
  readonly state: "waiting" | "starting" | "serving" | "not serving" | "restarting" | "stopping" | "stopped" | "failed"
  readonly port: number
  readonly pid?: number | undefined
  readonly restarts: number
}

/** What a person sees: one stream of logs, and below it, in a terminal, how each process is doing. */
export interface Board {
  readonly set: (name: string, change: Partial<Status>) => void
  /** A line of a process's log, ours or anybody's. */
  readonly log: (name: string, line: string) => void
  /** Something to say of the whole. */
  readonly say: (text: string) => void
}

/** A board for these processes. Without a terminal every change of state is a plain line. */
export const make = (ports: ReadonlyMap<string, number>): Board => {
  const statuses = new Map<string, Status>(
    [...ports].map(([name, port]) => [name, { state: "waiting", port, restarts: 0 }])
  )
  const isLive = process.stdout.isTTY && process.stdout.columns >= 72 && process.stdout.rows > statuses.size + 4
  const paint = process.stdout.isTTY || process.env["FORCE_COLOR"] ? LogLine.inColour : LogLine.plain
  let drawn = 0
  const write = (lines: ReadonlyArray<string>) => {
    const erase = drawn === 0 ? "" : `\x1b[${drawn}A\x1b[J`
    const list = isLive ? [...statuses].map(([name, status]) => row(name, status, paint)) : []
    drawn = list.length
    process.stdout.write(erase + [...lines, ...list].map((line) => `${line}\n`).join(""))
  }
  return {
    set: (name, change) => {
      const before = statuses.get(name)
      if (before === undefined) return
      const after = { ...before, ...change }
      if (isDeepStrictEqual(before, after)) return
      statuses.set(name, after)
      write(isLive || after.state === before.state ? [] : [sentence(name, after, paint)])
    },
    log: (name, line) => write([format(name, line, paint)]),
    say: (text) => write([paint("bold", text)])
  }
}

const format = (name: string, line: string, paint: LogLine.Paint): string =>
  Option.match(LogLine.fromJson(line), {
    onNone: () => `${paint(name, name)} ${line}`,
    onSome: (entry) => LogLine.toText(entry, paint)
  })

const row = (name: string, { pid, port, restarts, state }: Status, paint: LogLine.Paint): string =>
  [
    ` ${paint(colours[state], state.padEnd(11))}`,
    paint(name, name.padEnd(22)),
    `:${port}`.padEnd(7),
    `pid ${pid ?? "-"}`.padEnd(12),
    restarts === 0 ? "" : paint("yellow", `restarts ${restarts}`)
  ].join(" ")

const sentence = (name: string, { pid, port, restarts, state }: Status, paint: LogLine.Paint): string =>
  `${paint(name, name)} is ${paint(colours[state], state)} (port ${port}, pid ${pid ?? "-"}, restarts ${restarts})`

const colours: Readonly<Record<Status["state"], string>> = {
  waiting: "dim",
  starting: "yellow",
  serving: "green",
  "not serving": "yellow",
  restarting: "yellow",
  stopping: "dim",
  stopped: "dim",
  failed: "red"
}
