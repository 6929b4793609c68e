import type { VirtualTime } from "./VirtualTime.ts"

/** What happened in a run, in order, and how often what kind of thing did. */
export interface Trace {
  readonly lines: ReadonlyArray<string>
  readonly faults: ReadonlyMap<string, number>
  readonly outcomes: ReadonlyMap<string, number>
  /** Every operation of a store or an outside party by a service: the places where a crash can be put. */
  readonly operations: ReadonlyArray<string>
  /** Somebody did something. */
  readonly did: (who: string, what: string) => void
  /** A fault that the weather brought, by kind and place. */
  readonly fault: (kind: string, where: string) => void
  readonly passed: (operation: string) => void
  /** Something worth counting. */
  readonly count: (outcome: string) => void
}

/** An empty trace of what happens at these times. */
export const make = (time: VirtualTime): Trace => {
  const lines: Array<string> = []
  const operations: Array<string> = []
  const [faults, outcomes] = [new Map<string, number>(), new Map<string, number>()]
  const did = (who: string, what: string) => {
    if (time.isOver()) return
    lines.push(`${(time.elapsed() / 1000).toFixed(3).padStart(8)}  ${who.padEnd(12)}  ${what}`)
  }
  return {
    lines,
    faults,
    outcomes,
    operations,
    did,
    passed: (operation) => void operations.push(operation),
    fault: (kind, where) => {
      increment(faults, kind, 1)
      did("weather", `${kind}: ${where}`)
    },
    count: (outcome) => {
      if (!time.isOver()) increment(outcomes, outcome, 1)
    }
  }
}

/** Adds to one of many counts. */
export const increment = (counts: Map<string, number>, name: string, by: number): void => {
  counts.set(name, (counts.get(name) ?? 0) + by)
}

/** A text with its order id as a line shows it. */
export const short = (text: string): string => text.replace(/([0-9a-f]{8})-[-0-9a-f]{27}/, "$1")
