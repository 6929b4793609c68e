import {
  ATTR_PROCESS_CPU_STATE,
  ATTR_V8JS_GC_TYPE,
  METRIC_NODEJS_EVENTLOOP_DELAY_MAX,
  METRIC_NODEJS_EVENTLOOP_DELAY_MEAN,
  METRIC_NODEJS_EVENTLOOP_DELAY_P50,
  METRIC_NODEJS_EVENTLOOP_DELAY_P90,
  METRIC_NODEJS_EVENTLOOP_DELAY_P99,
  METRIC_NODEJS_EVENTLOOP_UTILIZATION,
  METRIC_PROCESS_CPU_TIME,
  METRIC_PROCESS_MEMORY_USAGE,
  METRIC_PROCESS_UPTIME,
  METRIC_V8JS_GC_DURATION,
  METRIC_V8JS_MEMORY_HEAP_USED
} from "@opentelemetry/semantic-conventions/incubating"
import * as Durations from "@retro/telemetry/Durations"
import * as Observed from "@retro/telemetry/Observed"
import { Effect, Metric, Predicate, type Scope } from "effect"
import { constants, monitorEventLoopDelay, PerformanceObserver } from "node:perf_hooks"

/** Measures the process itself until the scope closes: how late its event loop is, what collecting garbage takes, memory, CPU. */
export const measure: Effect.Effect<void, never, Scope.Scope> = Effect.gen(function* () {
  const delay = yield* Effect.acquireRelease(
    Effect.sync(() => {
      const histogram = monitorEventLoopDelay({ resolution: 20 })
      histogram.enable()
      return histogram
    }),
    (histogram) => Effect.sync(() => histogram.disable())
  )
  yield* Effect.acquireRelease(Effect.sync(observeCollections), (observer) => Effect.sync(() => observer.disconnect()))
  let before = performance.eventLoopUtilization()
  const cpu = { user: 0, system: 0 }
  yield* Observed.register(
    Effect.sync(() => {
      for (const [gauge, read] of delays) gauge.unsafeUpdate(seconds(read(delay)), [])
      delay.reset()
      const now = performance.eventLoopUtilization()
      utilization.unsafeUpdate(performance.eventLoopUtilization(now, before).utilization, [])
      before = now
      const { heapUsed: used, rss } = process.memoryUsage()
      heapUsed.unsafeUpdate(used, [])
      memory.unsafeUpdate(rss, [])
      uptime.unsafeUpdate(process.uptime(), [])
      const { system, user } = process.cpuUsage()
      userTime.unsafeUpdate((user - cpu.user) / 1e6, [])
      systemTime.unsafeUpdate((system - cpu.system) / 1e6, [])
      Object.assign(cpu, { user, system })
    })
  )
})

type Delay = ReturnType<typeof monitorEventLoopDelay>

/** From nanoseconds; a histogram without measurements says NaN or nonsense. */
const seconds = (nanos: number): number => (Number.isFinite(nanos) && nanos < 1e15 ? nanos / 1e9 : 0)

const delays: ReadonlyArray<readonly [Metric.Metric.Gauge<number>, (delay: Delay) => number]> = [
  [
    Metric.gauge(METRIC_NODEJS_EVENTLOOP_DELAY_MEAN, { description: "How late the event loop was, on average." }),
    ({ mean }) => mean
  ],
  [
    Metric.gauge(METRIC_NODEJS_EVENTLOOP_DELAY_P50, { description: "How late the event loop was, half of the time." }),
    (delay) => delay.percentile(50)
  ],
  [
    Metric.gauge(METRIC_NODEJS_EVENTLOOP_DELAY_P90, {
      description: "How late the event loop was at most, nine times of ten."
    }),
    (delay) => delay.percentile(90)
  ],
  [
    Metric.gauge(METRIC_NODEJS_EVENTLOOP_DELAY_P99, {
      description: "How late the event loop was at most, 99 times of 100."
    }),
    (delay) => delay.percentile(99)
  ],
  [
    Metric.gauge(METRIC_NODEJS_EVENTLOOP_DELAY_MAX, { description: "How late the event loop was at most." }),
    ({ max }) => max
  ]
]
const utilization = Metric.gauge(METRIC_NODEJS_EVENTLOOP_UTILIZATION, {
  description: "The part of the time that the event loop was busy."
})
const heapUsed = Metric.gauge(METRIC_V8JS_MEMORY_HEAP_USED, { description: "What the heap holds." })
const memory = Metric.gauge(METRIC_PROCESS_MEMORY_USAGE, {
  description: "What the process has of the machine's memory."
})
const uptime = Metric.gauge(METRIC_PROCESS_UPTIME, { description: "How long the process runs." })
const cpuTime = Metric.counter(METRIC_PROCESS_CPU_TIME, {
  description: "How long the process has used a processor.",
  incremental: true
})
const userTime = Metric.tagged(cpuTime, ATTR_PROCESS_CPU_STATE, "user")
const systemTime = Metric.tagged(cpuTime, ATTR_PROCESS_CPU_STATE, "system")

const collections = Durations.make(METRIC_V8JS_GC_DURATION, "How long collecting garbage took.")

const observeCollections = (): PerformanceObserver => {
  const kinds: ReadonlyArray<readonly [number, string]> = [
    [constants.NODE_PERFORMANCE_GC_MAJOR, "major"],
    [constants.NODE_PERFORMANCE_GC_MINOR, "minor"],
    [constants.NODE_PERFORMANCE_GC_INCREMENTAL, "incremental"],
    [constants.NODE_PERFORMANCE_GC_WEAKCB, "weakcb"]
  ]
  const series = new Map(kinds.map(([kind, name]) => [kind, collections({ [ATTR_V8JS_GC_TYPE]: name })]))
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) series.get(kindOf(entry))?.(entry.duration / 1000, undefined)
  })
  observer.observe({ entryTypes: ["gc"] })
  return observer
}

/** What was collected; the types of Node do not know where it says so. */
const kindOf = (entry: object): number =>
  "detail" in entry && Predicate.hasProperty(entry.detail, "kind") ? Number(entry.detail.kind) : 0
