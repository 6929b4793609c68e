// Imported into every process of a soak run before its program: tells now and then, on a line of its own, how it is.
import { monitorEventLoopDelay } from "node:perf_hooks"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"

// What could be collected is no growth: a busy process lets it lie for as long as there is room.
setFlagsFromString("--expose-gc")
const collect = runInNewContext("gc")

const delay = monitorEventLoopDelay({ resolution: 10 })
delay.enable()

setInterval(() => {
  const lag = delay.percentile(90) / 1e6
  collect()
  const { arrayBuffers, external, heapUsed, rss } = process.memoryUsage()
  const resident = rss / 1e6
  const used = (heapUsed + external + arrayBuffers) / 1e6
  const handles = process.getActiveResourcesInfo().length
  delay.reset()
  process.stdout.write(`${JSON.stringify({ soak: { used, resident, handles, lag } })}\n`)
}, 2000).unref()
