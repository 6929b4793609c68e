// Imported into every process of a soak run before its program: tells now and then, on a line of its own, how it is.
import { monitorEventLoopDelay } from "node:perf_hooks"

const delay = monitorEventLoopDelay({ resolution: 10 })
delay.enable()

setInterval(() => {
  const resident = process.memoryUsage.rss() / 1e6
  const handles = process.getActiveResourcesInfo().length
  const lag = delay.percentile(90) / 1e6
  delay.reset()
  process.stdout.write(`${JSON.stringify({ soak: { resident, handles, lag } })}\n`)
}, 2000).unref()
