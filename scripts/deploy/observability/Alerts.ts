import { tiers } from "@retro/process/Tiers"
import { metrics } from "./Metrics.ts"
import type { Rule } from "./SloRules.ts"

const ticket = (alert: string, expr: string, summary: string, runbook: string, wait?: string): Rule => ({
  alert,
  expr,
  ...(wait === undefined ? {} : { for: wait }),
  labels: { severity: "ticket" },
  annotations: { summary, runbook }
})

const silent = Object.keys(tiers).map((tier) => {
  const rule = ticket(
    "TierIsSilent",
    `absent(${metrics.target}{job="${tier}"})`,
    `No process of ${tier} tells its metrics.`,
    "docs/observability.md#silence",
    "10m"
  )
  return { ...rule, labels: { ...rule.labels, job: tier } }
})

/** What somebody should look at, although no promise is broken yet. */
export const groups = [
  {
    name: "operation",
    rules: [
      ticket(
        "OrderParked",
        `sum(increase(${metrics.ordersParked}[15m])) > 0`,
        "An order ended twelve times without an answer and waits for somebody.",
        "docs/operating-orders.md#parked-orders"
      ),
      ticket(
        "RatesAreOld",
        `max(${metrics.ratesAge}) > 6 * 86400`,
        "The table of rates is older than the longest pause of the European Central Bank.",
        "docs/observability.md#old-rates",
        "1h"
      ),
      ticket(
        "SpansAreDropped",
        `sum by (job) (rate(${metrics.spans}{error_type="queue_full"}[15m])) > 0`,
        "{{ $labels.job }} makes more spans than the collector takes: some are missing from traces.",
        "docs/observability.md#silence",
        "15m"
      ),
      ...silent
    ]
  }
]
