// Loaded before the program of every process that is measured, whatever the program is: tells what the process uses,
// takes CPU profiles, and ends it when the bench has gone.
import { readFileSync, writeFileSync } from "node:fs"
import { type Profiler, Session } from "node:inspector"
import { answer } from "./Ipc.ts"

const session = new Session()

const post = (method: string): Promise<object | undefined> =>
  new Promise((resolve, reject) =>
    session.post(method, (error: Error | null, result?: object) => (error === null ? resolve(result) : reject(error)))
  )

/** Linux counts it, in nanoseconds, for the thread that asks. */
const waited = (): number => {
  try {
    return Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ")[1]) / 1000
  } catch {
    return 0
  }
}

answer({
  usage: () => {
    const { system, user } = process.cpuUsage()
    return { cpu: user + system, rss: process.memoryUsage.rss(), waited: waited() }
  },
  profileStart: async () => {
    session.connect()
    await post("Profiler.enable")
    await post("Profiler.start")
    return null
  },
  profileStop: async (file) => {
    const { profile } = (await post("Profiler.stop")) as Profiler.StopReturnType
    session.disconnect()
    writeFileSync(file, JSON.stringify(profile))
    return null
  }
})

/** What the program is asked before it listens: it hears of it then. */
const early: Array<unknown> = []
const keep = (question: unknown) => early.push(question)
process.on("message", keep)
process.on("newListener", function heard(event, listener) {
  if (event !== "message") return
  process.off("newListener", heard)
  process.off("message", keep)
  queueMicrotask(() => early.forEach((question) => listener(question)))
})

process.on("disconnect", () => process.exit())
