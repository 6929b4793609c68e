import { spawnSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { setPriority } from "node:os"

/** The cores for what is measured and the core for the load, as taskset writes them; nothing where they cannot be chosen. */
export interface Cores {
  /** One core: what a process of one thread can use. */
  readonly measured: string | undefined
  /** All cores but the load's: what a shop of many processes can use. */
  readonly shop: string | undefined
  readonly load: string | undefined
}

const unpinned: Cores = { measured: undefined, shop: undefined, load: undefined }

/** Divides the cores that this process may use. */
export const divide = (): Cores => {
  if (spawnSync("taskset", ["--version"]).status !== 0) return unpinned
  const cores = allowed()
  const [first, ...others] = cores
  const last = others.at(-1)
  return first === undefined || last === undefined
    ? unpinned
    : { measured: String(first), shop: cores.slice(0, -1).join(","), load: String(last) }
}

/** A command line that runs on these cores only. */
export const pinned = (cores: string | undefined, line: ReadonlyArray<string>): ReadonlyArray<string> =>
  cores === undefined ? line : ["taskset", "--cpu-list", cores, ...line]

/**
 * Has a process that just began, in a session of its own, run before others of its cores, where we may say so: root may.
 * Linux may weigh sessions first, and processes within each.
 */
export const prefer = (pid: number | undefined): void => {
  try {
    if (pid === undefined) return
    setPriority(pid, -15)
    writeFileSync(`/proc/${pid}/autogroup`, "-15")
  } catch {
    // It shares them, as everybody does.
  }
}

/** taskset is of Linux, and so is this file: "Cpus_allowed_list:	0-3,8". */
const allowed = (): ReadonlyArray<number> => {
  const [, list = ""] = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? []
  return list.split(",").flatMap((range) => {
    const [from = 0, to = from] = range.split("-").map(Number)
    return Array.from({ length: to - from + 1 }, (_, index) => from + index)
  })
}
