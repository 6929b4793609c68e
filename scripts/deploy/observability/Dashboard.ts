/** A question to Prometheus, and what its answers are called in the legend. */
export interface Query {
  readonly expr: string
  readonly legend: string
}

/** A picture of some queries. */
export interface Panel {
  readonly title: string
  readonly kind: "stat" | "timeseries" | "table"
  /** Of Grafana: "s", "reqps", "percentunit", "short", "bytes". */
  readonly unit: string
  readonly queries: ReadonlyArray<Query>
  /** Of 24 columns. */
  readonly width: number
  /** Green below it, red above. */
  readonly limit?: number
}

/** A page of panels, in the order in which they are read. */
export interface Dashboard {
  readonly uid: string
  readonly title: string
  /** Why one would look at it. */
  readonly description: string
  /** The label whose values the reader chooses from as `$service`, and a series that has them. */
  readonly chosenBy?: { readonly series: string; readonly label: string }
  readonly panels: ReadonlyArray<Panel>
}

/** The datasource that deploy/observability/config/datasources.yaml provides. */
const prometheus = { type: "prometheus", uid: "prometheus" } as const

const heights = { stat: 4, timeseries: 8, table: 8 } as const

/** Left to right, a new row where the next does not fit. */
const places = (panels: ReadonlyArray<Panel>) => {
  let x = 0
  let y = 0
  let tallest = 0
  return panels.map(({ kind, width }) => {
    if (x + width > 24) {
      x = 0
      y += tallest
      tallest = 0
    }
    const place = { x, y, w: width, h: heights[kind] }
    x += width
    tallest = Math.max(tallest, heights[kind])
    return place
  })
}

const steps = (limit: number | undefined) => [
  { color: "green", value: null },
  ...(limit === undefined ? [] : [{ color: "red", value: limit }])
]

const variable = ({ label, series }: NonNullable<Dashboard["chosenBy"]>) => ({
  name: "service",
  label: "Service",
  type: "query",
  datasource: prometheus,
  query: { query: `label_values(${series}, ${label})`, refId: "service" },
  refresh: 2,
  includeAll: true,
  multi: true,
  allValue: ".+",
  current: { text: "All", value: "$__all" }
})

/** The dashboard as Grafana provisions it. */
export const json = ({ chosenBy, description, panels, title, uid }: Dashboard): string => {
  const grid = places(panels)
  const model = {
    uid,
    title,
    description,
    tags: ["retro-station"],
    schemaVersion: 39,
    editable: false,
    graphTooltip: 1,
    refresh: "30s",
    time: { from: "now-1h", to: "now" },
    timezone: "utc",
    templating: { list: chosenBy === undefined ? [] : [variable(chosenBy)] },
    panels: panels.map(({ kind, limit, queries, title, unit }, index) => ({
      id: index + 1,
      title,
      type: kind,
      datasource: prometheus,
      gridPos: grid[index],
      fieldConfig: {
        defaults: {
          unit,
          ...(kind === "timeseries" ? { min: 0 } : {}),
          thresholds: { mode: "absolute", steps: steps(limit) }
        },
        overrides: []
      },
      targets: queries.map(({ expr, legend }, place) => ({
        refId: String.fromCharCode(65 + place),
        expr,
        legendFormat: legend,
        ...(kind === "timeseries" ? { exemplar: true } : { instant: true }),
        ...(kind === "table" ? { format: "table" } : {})
      }))
    }))
  }
  return `${JSON.stringify(model, null, 2)}\n`
}
