import { type Slo, slos } from "./Slo.ts"

/** A recording or an alerting rule, as Prometheus reads it. */
export interface Rule {
  readonly record?: string
  readonly alert?: string
  readonly expr: string
  readonly for?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

/** The series that holds the part of events that were bad in a window; its label `slo` says of which promise. */
export const ratio = (window: string): string => `slo:bad_events:ratio_rate${window}`

/**
 * How fast the budget of thirty days may burn, in two windows: the long one says that it matters, the short one that it
 * still happens (Site Reliability Workbook, chapter 5).
 */
const burns = [
  { factor: 14.4, long: "1h", short: "5m", severity: "page", spent: "2 % of the month's budget in an hour" },
  { factor: 6, long: "6h", short: "30m", severity: "page", spent: "5 % of the month's budget in six hours" },
  { factor: 3, long: "1d", short: "2h", severity: "ticket", spent: "10 % of the month's budget in a day" },
  { factor: 1, long: "3d", short: "6h", severity: "ticket", spent: "10 % of the month's budget in three days" }
] as const

const windows = [...new Set(burns.flatMap(({ long, short }) => [short, long]))]

const recorded = ({ all, bad, name }: Slo): ReadonlyArray<Rule> =>
  windows.map((window) => ({
    record: ratio(window),
    // Where nothing was ever bad there is no series of bad events: that is none of them. Without events there is no part.
    expr: `(${bad(window)} or vector(0)) / (${all(window)} > 0)`,
    labels: { slo: name }
  }))

const alerts = ({ name, objective, promise }: Slo): ReadonlyArray<Rule> =>
  burns.map(({ factor, long, severity, short, spent }) => {
    const over = (window: string) => `${ratio(window)}{slo="${name}"} > ${round(factor * (1 - objective))}`
    return {
      alert: `${pascal(name)}BudgetBurns`,
      expr: `${over(long)} and ${over(short)}`,
      labels: { severity, slo: name, window: long },
      annotations: {
        summary: `${promise}. At this rate: ${spent}.`,
        description: "{{ $value | humanizePercentage }} of events were bad in the long window.",
        runbook: `docs/observability.md#${name}`
      }
    }
  })

/** Products of decimal fractions without their last, wrong, digits. */
const round = (value: number): number => Number(value.toPrecision(6))

const pascal = (name: string): string => name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())

/** Groups of rules that measure every promise, and alert when one is about to be broken. */
export const groups = slos.flatMap((slo) => [
  { name: `slo-${slo.name}`, rules: recorded(slo) },
  { name: `slo-${slo.name}-alerts`, rules: alerts(slo) }
])
