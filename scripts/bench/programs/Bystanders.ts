// Others that run on the core of what is measured: of Linux itself too, such as a thread that looks for memory to give back.
import { openSync, readdirSync, readSync } from "node:fs"

/** Tells whether others had the core of a process since it was asked before. */
export type Bystanders = () => boolean

/** What is shorter is noticed by nobody, in nanoseconds. */
const noticed = 100_000

/** Where Linux does not count it, or nobody wants to know, there are none. */
export const none: Bystanders = () => false

/**
 * Those of the first thread of `pid`. Threads of its own, which compile for example, are not others: they are no
 * bystanders, even if they had the core for half of the time only.
 */
export const of = (pid: number): Bystanders => {
  const threads = threadsOf(pid)
  const first = threads.get(pid)
  if (first === undefined) return none
  threads.delete(pid)
  const own = [...threads.values()]
  const ownRan = () => own.reduce((sum, count) => sum + count("ran"), 0)
  let [waited, ran] = [first("waited"), ownRan()]
  return () => {
    const since = first("waited") - waited
    waited += since
    if (since < noticed) return false
    const ownSince = ownRan() - ran
    ran += ownSince
    return ownSince < since / 2
  }
}

/** What Linux counts of a thread, in nanoseconds: how long it ran, and how long it was ready to and waited for its core. */
type Count = (of: "ran" | "waited") => number

const threadsOf = (pid: number): Map<number, Count> => {
  try {
    const threads = readdirSync(`/proc/${pid}/task`)
    return new Map(threads.map((thread) => [Number(thread), counter(`/proc/${pid}/task/${thread}/schedstat`)]))
  } catch {
    return new Map()
  }
}

/** Asked all the time: makes next to nothing that would have to be collected. */
const counter = (path: string): Count => {
  const file = openSync(path, "r")
  const bytes = Buffer.alloc(64)
  return (of) => {
    readSync(file, bytes, 0, bytes.length, 0)
    let [number, index] = [0, of === "ran" ? 0 : bytes.indexOf(" ") + 1]
    for (let byte = bytes[index]!; byte >= zero; byte = bytes[++index]!) number = number * 10 + byte - zero
    return number
  }
}

const zero = 48
