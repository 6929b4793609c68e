import { Metric, MetricKey } from "effect"
import { type Labels, labelled } from "./Durations.ts"

/**
 * A counter for hot paths, one series for each set of labels. A series is looked up once; then counting one more, or
 * several, is a function call. Elsewhere Effect's own `Metric.counter` is as good, and is exported the same.
 */
export const make = (name: string, description: string): ((labels: Labels) => (more?: number) => void) => {
  const key = MetricKey.counter(name, { description, incremental: true })
  return (labels) => {
    const counter = Metric.fromMetricKey(MetricKey.taggedWithLabels(key, labelled(labels)))
    return (more = 1) => counter.unsafeUpdate(more, [])
  }
}
