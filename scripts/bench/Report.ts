import * as Budgets from "./Budgets.ts"
import type { Result } from "./Compare.ts"
import * as Table from "./Table.ts"

/** What one section of the bench found. */
export interface Section {
  readonly title: string
  /** What an operation is: "calls", "pages". */
  readonly unit: string
  /** What a reader has to know of how it was measured. */
  readonly note: string
  readonly results: ReadonlyArray<Result>
  /** More tables of this section. */
  readonly more?: ReadonlyArray<string>
  /** What they were made of, for `--json`. */
  readonly figures?: ReadonlyArray<unknown>
  readonly budgets?: ReadonlyArray<Budgets.Verdict>
}

/** From this spread of a base on, small differences mean nothing. */
const noisyFrom = 0.08

/** A table, and whether the machine was quiet enough for it. */
export const toText = ({ budgets = [], more = [], note, results, title, unit }: Section): string => {
  const table = results.length === 0 ? "" : tableOf(unit, results)
  const extra = more.map((text) => `\n${text}`)
  return [`\n${title}\n`, table, `  ${note}\n`, ...noise(results), ...extra, Budgets.toText(budgets)].join("")
}

const tableOf = (unit: string, results: ReadonlyArray<Result>): string =>
  Table.make(results, [
    { heading: "", cell: ({ name }) => name },
    { heading: "ratio", cell: ({ base, name, ratio }) => (base === name ? "1" : ratio.toFixed(2)) },
    { heading: `${unit}/s`, cell: ({ perSecond }) => Table.number(Math.round(perSecond)) },
    { heading: "p50 ms", cell: ({ p50 }) => Table.number(p50) },
    { heading: "p99 ms", cell: ({ p99 }) => Table.number(p99) },
    { heading: `CPU µs/${unit.replace(/s$/, "")}`, cell: ({ cpu }) => Table.number(cpu) },
    { heading: "busy", cell: ({ busy }) => `${Math.round(busy * 100)} %` },
    { heading: "spread", cell: ({ spread }) => `${Math.round(spread * 100)} %` }
  ])

const noise = (results: ReadonlyArray<Result>): ReadonlyArray<string> => {
  const worst = Math.max(0, ...results.filter(({ base, name }) => base === name).map(({ spread }) => spread))
  return worst > noisyFrom
    ? [`  NOISY: the base's own slices differ by ${Math.round(worst * 100)} %; differences below that mean nothing.\n`]
    : []
}
