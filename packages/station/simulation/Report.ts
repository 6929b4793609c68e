import type { Result } from "./Simulation.ts"
import { increment } from "./Trace.ts"

/** A failed run, readable from top to bottom: what is broken, then all that happened. */
export const failure = ({ seed, trace, violations }: Result, title = `seed ${seed}`): string =>
  [
    `${title} breaks ${violations.length === 1 ? "a promise" : `${violations.length} promises`}:`,
    ...violations.map((violation) => `  - ${violation}`),
    "",
    "   seconds  who           what happened",
    ...trace.lines,
    ""
  ].join("\n")

/** Counts of many runs. */
export interface Totals {
  readonly runs: number
  readonly failed: ReadonlyArray<number>
  /** Time that passed in the shops, in milliseconds. */
  readonly elapsed: number
  readonly faults: ReadonlyMap<string, number>
  readonly outcomes: ReadonlyMap<string, number>
}

/** Nothing ran yet. */
export const none: Totals = { runs: 0, failed: [], elapsed: 0, faults: new Map(), outcomes: new Map() }

/** One run more. */
export const add = (totals: Totals, { elapsed, seed, trace, violations }: Result): Totals => ({
  runs: totals.runs + 1,
  failed: violations.length === 0 ? totals.failed : [...totals.failed, seed],
  elapsed: totals.elapsed + elapsed,
  faults: sum(totals.faults, trace.faults),
  outcomes: sum(totals.outcomes, trace.outcomes)
})

const sum = (counts: ReadonlyMap<string, number>, more: ReadonlyMap<string, number>) => {
  const total = new Map(counts)
  for (const [name, count] of more) increment(total, name, count)
  return total
}

/** What went wrong on purpose, and how it ended. */
export const summary = (totals: Totals): string => {
  const hours = (totals.elapsed / 3_600_000).toFixed(1)
  return [
    `${totals.runs} runs, ${totals.failed.length} failed; ${hours} hours in the shops`,
    "",
    "faults injected",
    ...rows(totals.faults),
    "",
    "outcomes",
    ...rows(totals.outcomes)
  ].join("\n")
}

const rows = (counts: ReadonlyMap<string, number>) =>
  [...counts]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, count]) => `  ${name.padEnd(44)}${String(count).padStart(9)}`)
