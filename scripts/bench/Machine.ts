import { readdirSync, readFileSync } from "node:fs"
import { cpus } from "node:os"

/** How much of the machine is in use in the next so many milliseconds, in which we do nothing. */
export const inUse = async (millis: number): Promise<number> => {
  const before = times()
  await new Promise((resolve) => setTimeout(resolve, millis))
  const after = times()
  return 1 - (after.idle - before.idle) / (after.all - before.all)
}

/** Milliseconds of all cores since the machine began. */
const times = () => {
  const each = cpus().map(({ times }) => times)
  const sum = (of: (core: (typeof each)[number]) => number) => each.reduce((sum, core) => sum + of(core), 0)
  return { idle: sum(({ idle }) => idle), all: sum(({ idle, irq, nice, sys, user }) => idle + irq + nice + sys + user) }
}

/** Milliseconds that all threads of a process have run. */
export const cpuOf = (pid: number | undefined): number =>
  readdirSync(`/proc/${pid}/task`).reduce((sum, task) => sum + ranFor(`/proc/${pid}/task/${task}/schedstat`), 0)

const ranFor = (file: string): number => Number(readFileSync(file, "utf8").split(" ")[0]) / 1e6
