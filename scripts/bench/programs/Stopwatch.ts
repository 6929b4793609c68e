import type { Answers } from "../Ipc.ts"
import { quantile } from "../Statistics.ts"

/** Counts answers and how long each took. */
export interface Stopwatch {
  /** Whether the time is over: send nothing more. */
  readonly isOver: () => boolean
  /**
   * An answer to what was sent then (`performance.now()`), and whether it was the expected one. What took longer since
   * others had the core says nothing of its latency.
   */
  readonly answered: (sent: number, isRight: boolean, isDisturbed?: boolean) => void
  /** What was due then is sent now, and only because nobody looked before. */
  readonly looked: (due: number) => void
  /** For so many milliseconds nothing was due, since the load did not run. */
  readonly slept: (millis: number) => void
  readonly result: () => Answers
}

/** A stopwatch that runs from now on, for that long. */
export const start = (millis: number): Stopwatch => {
  const begun = performance.now()
  const until = begun + millis
  const latencies: Array<number> = []
  const lateness: Array<number> = []
  let [failures, slept, disturbed] = [0, 0, 0]
  let last = begun
  return {
    isOver: () => performance.now() >= until,
    answered: (sent, isRight, isDisturbed = false) => {
      last = performance.now()
      if (!isRight) failures++
      else if (isDisturbed) disturbed++
      else latencies.push(last - sent)
    },
    looked: (due) => lateness.push(performance.now() - due),
    slept: (millis) => (slept += millis),
    result: () => ({
      operations: latencies.length + disturbed,
      failures,
      seconds: (last - begun) / 1000,
      p50: quantile(latencies, 0.5),
      p95: quantile(latencies, 0.95),
      p99: quantile(latencies, 0.99),
      late: lateness.length === 0 ? 0 : quantile(lateness, 0.99),
      slept: slept / (last - begun),
      disturbed: disturbed / (latencies.length + disturbed)
    })
  }
}
