import { Metric, MetricBoundaries, MetricKey, MetricLabel, MutableHashMap, Option, type Tracer } from "effect"

/** One measurement of a histogram's bucket, and the span it was taken in: the way from a figure to a trace. */
export interface Exemplar {
  readonly value: number
  readonly traceId: string
  readonly spanId: string
  /** Milliseconds of the Unix epoch. */
  readonly at: number
}

/** Takes how long one call took, in seconds, and the span it was in where there is one. */
export type Record = (seconds: number, span: Tracer.AnySpan | undefined) => void

/** Labels of a series. One that is undefined is left out. */
export type Labels = Readonly<Partial<globalThis.Record<string, string>>>

/** The bounds that the conventions advise for durations, in seconds. */
export const bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

/**
 * A histogram of durations, named as the conventions do, one series for each set of labels. A series is looked up once
 * and then takes a measurement in a fraction of a microsecond: nothing runs as an effect.
 */
export const make = (name: string, description: string): ((labels: Labels) => Record) => {
  const key = MetricKey.histogram(name, MetricBoundaries.fromIterable(bounds), description)
  return (labels) => {
    const tagged = MetricKey.taggedWithLabels(key, labelled(labels))
    const histogram = Metric.fromMetricKey(tagged)
    const buckets = exemplarsOf(tagged)
    return (seconds, span) => {
      histogram.unsafeUpdate(seconds, [])
      if (span?.sampled === true) {
        const at = performance.timeOrigin + performance.now()
        buckets[bucketOf(seconds)] = { value: seconds, traceId: span.traceId, spanId: span.spanId, at }
      }
    }
  }
}

/** The last exemplar of each bucket of a histogram; the bucket after the last bound is the last. */
export const exemplarsOf = (key: MetricKey.MetricKey.Untyped): Array<Exemplar | undefined> => {
  const known = MutableHashMap.get(exemplars, key)
  if (Option.isSome(known)) return known.value
  const buckets: Array<Exemplar | undefined> = []
  MutableHashMap.set(exemplars, key, buckets)
  return buckets
}

const exemplars = MutableHashMap.empty<MetricKey.MetricKey.Untyped, Array<Exemplar | undefined>>()

const bucketOf = (seconds: number): number => {
  const found = bounds.findIndex((bound) => seconds <= bound)
  return found < 0 ? bounds.length : found
}

/** As Effect's metrics have them. */
export const labelled = (labels: Labels): ReadonlyArray<MetricLabel.MetricLabel> =>
  Object.entries(labels).flatMap(([name, value]) => (value === undefined ? [] : [MetricLabel.make(name, value)]))
