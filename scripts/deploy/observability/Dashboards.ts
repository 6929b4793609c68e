import type { Dashboard, Panel, Query } from "./Dashboard.ts"
import { bucket, count, metrics } from "./Metrics.ts"
import { slos } from "./Slo.ts"
import { ratio } from "./SloRules.ts"

const window = "$__rate_interval"

const perSecond = (series: string, labels = "", by = ""): string =>
  `sum${by === "" ? "" : ` by (${by})`} (rate(${series}${labels === "" ? "" : `{${labels}}`}[${window}]))`

const quantile = (q: number, histogram: string, labels = "", by = ""): string =>
  `histogram_quantile(${q}, ${perSecond(bucket(histogram), labels, by === "" ? "le" : `le, ${by}`)})`

const query = (expr: string, legend = "{{job}}"): Query => ({ expr, legend })

const graph = (title: string, unit: string, ...queries: ReadonlyArray<Query>): Panel => ({
  title,
  kind: "timeseries",
  unit,
  queries,
  width: 12
})

const stat = (title: string, unit: string, expr: string, limit?: number): Panel => ({
  title,
  kind: "stat",
  unit,
  queries: [query(expr, title)],
  width: 6,
  ...(limit === undefined ? {} : { limit })
})

const failed = `http_response_status_code=~"5.."`
const orders = `program=~"PlaceOrder@.*"`

const shop: Dashboard = {
  uid: "retro-shop",
  title: "Shop",
  description: "Is the shop open, fast, and selling?",
  panels: [
    stat("Pages a second", "reqps", perSecond(count(metrics.pages))),
    stat(
      "Pages that failed",
      "percentunit",
      `(${perSecond(count(metrics.pages), failed)} or vector(0)) / ${perSecond(count(metrics.pages))}`,
      0.01
    ),
    stat("Home, 95th percentile", "s", quantile(0.95, metrics.pages, `http_route="/"`), 0.25),
    stat("Orders in an hour", "short", `sum(increase(${metrics.ordersConcluded}{${orders}, outcome="completed"}[1h]))`),
    graph("Pages by route", "reqps", query(perSecond(count(metrics.pages), "", "http_route"), "{{http_route}}")),
    graph(
      "Pages by status",
      "reqps",
      query(perSecond(count(metrics.pages), "", "http_response_status_code"), "{{http_response_status_code}}")
    ),
    graph("95th percentile by route", "s", query(quantile(0.95, metrics.pages, "", "http_route"), "{{http_route}}")),
    graph("Parts that pages lacked", "reqps", query(perSecond(metrics.partsMissing, "", "part"), "{{part}}")),
    graph("Cards", "reqps", query(perSecond(metrics.charges, "", "outcome"), "{{outcome}}")),
    graph("Age of the rates", "s", query(`max(${metrics.ratesAge})`, "oldest"))
  ]
}

const chosen = `job=~"$service"`

const services: Dashboard = {
  uid: "retro-services",
  title: "Services",
  description: "Rate, errors and duration of every rpc, and what its process needs.",
  chosenBy: { series: count(metrics.answers), label: "job" },
  panels: [
    graph("Answers", "reqps", query(perSecond(count(metrics.answers), chosen, "rpc_method"), "{{rpc_method}}")),
    graph(
      "Errors",
      "reqps",
      query(
        perSecond(
          count(metrics.answers),
          `${chosen}, rpc_status_code!="OK"`,
          "rpc_method, rpc_status_code, error_type"
        ),
        "{{rpc_method}} {{error_type}}"
      )
    ),
    graph("Median duration", "s", query(quantile(0.5, metrics.answers, chosen, "rpc_method"), "{{rpc_method}}")),
    graph("95th percentile", "s", query(quantile(0.95, metrics.answers, chosen, "rpc_method"), "{{rpc_method}}")),
    graph(
      "Calls to others",
      "reqps",
      query(perSecond(count(metrics.calls), chosen, "job, rpc_method"), "{{job}} → {{rpc_method}}")
    ),
    graph("Redis, 95th percentile", "s", query(quantile(0.95, metrics.store, chosen, "job"))),
    graph("Event loop delay, 99th percentile", "s", query(`max by (job) (${metrics.loopDelay}{${chosen}})`)),
    graph(
      "Part of the time in garbage collection",
      "percentunit",
      query(perSecond(`${metrics.collections}_sum`, chosen, "job"))
    ),
    graph("Memory", "bytes", query(`max by (job) (${metrics.memory}{${chosen}})`)),
    graph("Processor", "percentunit", query(perSecond(metrics.cpu, chosen, "job")))
  ]
}

const journal: Dashboard = {
  uid: "retro-orders",
  title: "Orders",
  description: "What happens to orders after the button: steps, recoveries, money back.",
  panels: [
    stat("In flight", "short", `sum(${metrics.ordersInFlight}{${orders}})`),
    stat("Taken up again, last hour", "short", `sum(increase(${metrics.ordersRecovered}{${orders}}[1h]))`),
    stat("Undone, last hour", "short", `sum(increase(${metrics.ordersCompensated}{${orders}}[1h]))`),
    stat("Parked, last day", "short", `sum(increase(${metrics.ordersParked}{${orders}}[1d]))`, 1),
    graph("How orders end", "reqps", query(perSecond(metrics.ordersConcluded, orders, "outcome"), "{{outcome}}")),
    graph("In flight", "short", query(`sum by (job, instance) (${metrics.ordersInFlight}{${orders}})`, "{{instance}}")),
    graph(
      "Charges and refunds",
      "reqps",
      query(perSecond(metrics.charges, "", "outcome"), "{{outcome}}"),
      query(perSecond(metrics.refunds), "refunded")
    ),
    graph(
      "What checkout asks of others",
      "s",
      query(quantile(0.95, metrics.calls, `job=~"checkoutservice|station"`, "rpc_method"), "{{rpc_method}}")
    ),
    graph(
      "Carts that could not be read or written",
      "reqps",
      query(perSecond(metrics.cartErrors, "", "operation"), "{{operation}}")
    )
  ]
}

const promises: Dashboard = {
  uid: "retro-slos",
  title: "Promises",
  description: "Service level objectives: how much of each budget is left, and how fast it burns.",
  panels: slos.flatMap(({ name, objective, promise }): ReadonlyArray<Panel> => {
    const burn = (window: string) => `${ratio(window)}{slo="${name}"} / ${Number((1 - objective).toPrecision(6))}`
    return [
      {
        title: promise,
        kind: "stat",
        unit: "percentunit",
        queries: [query(`1 - ${ratio("3d")}{slo="${name}"}`, "good, last three days")],
        width: 8
      },
      {
        title: `${name}: how many times too fast the budget burns`,
        kind: "timeseries",
        unit: "short",
        queries: ["5m", "1h", "6h", "1d"].map((window) => query(burn(window), window)),
        width: 16,
        limit: 1
      }
    ]
  })
}

/** Every dashboard that Grafana is given. */
export const dashboards: ReadonlyArray<Dashboard> = [shop, services, journal, promises]
