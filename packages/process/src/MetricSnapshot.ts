import * as Durations from "@retro/telemetry/Durations"
import * as Observed from "@retro/telemetry/Observed"
import { Effect, Metric, MetricState, Option } from "effect"

/** One series of a metric as it stands. */
export interface Series {
  /** As the conventions have it where they do: "rpc.server.call.duration". */
  readonly name: string
  readonly description: string
  /** Of UCUM: "s", "By"; empty for a number of things. */
  readonly unit: "s" | "By" | ""
  readonly labels: ReadonlyArray<readonly [string, string]>
  readonly value: Value
}

/** What a series says. */
export type Value =
  | { readonly _tag: "Counter" | "Gauge"; readonly number: number }
  | {
      readonly _tag: "Histogram"
      /** Upper bounds with how many measurements were in the bucket that ends there; the last bucket has no bound. */
      readonly buckets: ReadonlyArray<{
        readonly bound: number
        readonly count: number
        readonly exemplar: Durations.Exemplar | undefined
      }>
      readonly sum: number
      readonly count: number
    }

/** All metrics of this process, those of a name together. */
export const take: Effect.Effect<ReadonlyArray<Series>> = Effect.zipRight(
  Observed.observe,
  Effect.map(Metric.snapshot, (pairs) =>
    pairs
      .flatMap(({ metricKey, metricState }) =>
        Option.match(
          valueOf(metricState, () => Durations.exemplarsOf(metricKey)),
          {
            onNone: () => [],
            onSome: (value) => [
              {
                name: metricKey.name,
                description: Option.getOrElse(metricKey.description, () => ""),
                unit: unitOf(metricKey.name),
                labels: metricKey.tags.map(({ key, value }) => [key, value] as const),
                value
              }
            ]
          }
        )
      )
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  )
)

const valueOf = (
  state: MetricState.MetricState.Untyped,
  exemplars: () => ReadonlyArray<Durations.Exemplar | undefined>
): Option.Option<Value> => {
  if (MetricState.isCounterState(state)) return Option.some({ _tag: "Counter", number: Number(state.count) })
  if (MetricState.isGaugeState(state)) return Option.some({ _tag: "Gauge", number: Number(state.value) })
  if (!MetricState.isHistogramState(state)) return Option.none()
  const [bounds, known] = [state.buckets, exemplars()]
  const buckets = bounds.map(([bound, upTo], index) => ({
    bound,
    count: upTo - (bounds[index - 1]?.[1] ?? 0),
    exemplar: known[index]
  }))
  const beyond = { bound: Infinity, count: state.count - (bounds.at(-1)?.[1] ?? 0), exemplar: known[bounds.length] }
  return Option.some({ _tag: "Histogram", buckets: [...buckets, beyond], sum: state.sum, count: state.count })
}

/** The names of the conventions say what is measured; those of our own end in their unit. */
const unitOf = (name: string): Series["unit"] => {
  if (/\.(duration|uptime|cpu\.time)$|\.eventloop\.delay\./.test(name)) return "s"
  return /\.memory\./.test(name) ? "By" : ""
}
