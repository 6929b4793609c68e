import type { Exemplar } from "@retro/telemetry/Durations"
import type { Series } from "./MetricSnapshot.ts"

/** What a scraper understands: Prometheus' own format, or OpenMetrics, which has exemplars. */
export type Format = "prometheus" | "openmetrics"

/** The `content-type` of a format. */
export const contentType: Readonly<Record<Format, string>> = {
  prometheus: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
}

/**
 * Metrics as a page that Prometheus fetches, and `target_info` with what is known of the process. Source: Prometheus
 * exposition formats; OpenTelemetry, Prometheus and OpenMetrics compatibility.
 */
export const render = (
  format: Format,
  resource: Readonly<Record<string, string>>,
  all: ReadonlyArray<Series>
): string => {
  const lines = ["# TYPE target info", "# HELP target What is known of the process."]
  if (format === "prometheus")
    lines.splice(0, 2, "# HELP target_info What is known of the process.", "# TYPE target_info gauge")
  lines.push(`target_info${labelled(Object.entries(resource))} 1`)
  let last = ""
  for (const series of all) {
    const name = nameOf(series)
    const family = format === "openmetrics" ? name.replace(/_total$/, "") : name
    if (family !== last) {
      lines.push(
        `# HELP ${family} ${escaped(series.description)}`,
        `# TYPE ${family} ${series.value._tag.toLowerCase()}`
      )
      last = family
    }
    lines.push(...samples(format, name, series))
  }
  return `${lines.join("\n")}\n${format === "openmetrics" ? "# EOF\n" : ""}`
}

/** "rpc.server.call.duration" in seconds is "rpc_server_call_duration_seconds"; a counter ends in "_total". */
const nameOf = ({ name, unit, value }: Series): string => {
  const words = name.replace(/[^A-Za-z\d_]/g, "_")
  const measured = unit === "" ? words : `${words}_${unit === "s" ? "seconds" : "bytes"}`
  return value._tag !== "Counter" || measured.endsWith("_total") ? measured : `${measured}_total`
}

const samples = (format: Format, name: string, { labels, value }: Series): ReadonlyArray<string> => {
  if (value._tag !== "Histogram") return [`${name}${labelled(labels)} ${value.number}`]
  let upTo = 0
  const buckets = value.buckets.map(({ bound, count, exemplar }) => {
    upTo += count
    const le = bound === Infinity ? "+Inf" : String(bound)
    return `${name}_bucket${labelled([...labels, ["le", le]])} ${upTo}${format === "openmetrics" ? witness(exemplar) : ""}`
  })
  return [...buckets, `${name}_sum${labelled(labels)} ${value.sum}`, `${name}_count${labelled(labels)} ${value.count}`]
}

const witness = (exemplar: Exemplar | undefined): string =>
  exemplar === undefined
    ? ""
    : ` # {trace_id="${exemplar.traceId}",span_id="${exemplar.spanId}"} ${exemplar.value} ${exemplar.at / 1000}`

const labelled = (labels: ReadonlyArray<readonly [string, string]>): string =>
  labels.length === 0
    ? ""
    : `{${labels.map(([name, value]) => `${name.replace(/[^A-Za-z\d_]/g, "_")}="${escaped(value).replaceAll('"', '\\"')}"`).join(",")}}`

const escaped = (text: string): string => text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")
