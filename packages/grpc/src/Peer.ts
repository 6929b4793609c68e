import { codes } from "@retro/contract/Status"
import { CallFailed } from "@retro/contract/Contract"
import { Metric, Schedule } from "effect"
import * as CircuitBreaker from "./CircuitBreaker.ts"
import * as RetryBudget from "./RetryBudget.ts"

/** What a client knows of whoever is at the other end of its channel: whether to call it, and whether to call again. */
export interface Peer {
  /** A call is made for the first time, which pays for repeats. */
  readonly begins: () => void
  /** Whether a call may go out at this time (milliseconds of the Unix epoch). */
  readonly admits: (now: number) => boolean
  /** A call was answered, with a success or an error of its contract. */
  readonly answered: (now: number) => void
  /** A call failed. */
  readonly failed: (failure: unknown, end: End) => void
  /** Whether a call that failed like this may be made again: it reached nobody, and the budget has something left. */
  readonly mayRepeat: (failure: unknown) => boolean
  /** A call is made again. */
  readonly repeats: () => void
}

/** When a call ended, how long it could have taken, and whether the peer said that it has too much to do. */
export interface End {
  readonly now: number
  readonly hadMillis: number
  readonly busy: boolean
}

/** After a repeat that was made at once: one more, a moment later, of which no two callers keep the same. */
export const onceMore = Schedule.jittered(Schedule.exponential("40 millis")).pipe(
  Schedule.intersect(Schedule.recurs(1))
)

/** Who had less time than this and got no answer has not tried. */
const fairTrialMillis = 100

/** A peer that nothing is held against yet; `name` is what metrics call it. */
export const make = (name: string): Peer => {
  const refused = Metric.tagged(shortCircuited, "peer", name)
  const repeated = Metric.tagged(retries, "peer", name)
  const spent = Metric.tagged(repeated, "outcome", "made")
  const unpaid = Metric.tagged(repeated, "outcome", "refused")
  const state = Metric.tagged(breakerState, "peer", name)
  const budget = RetryBudget.make()
  const breaker = CircuitBreaker.make((next) => state.unsafeUpdate(stateNumbers[next], []))

  return {
    begins: budget.earn,
    answered: breaker.answered,
    admits: (now) => {
      const admitted = breaker.admits(now)
      if (!admitted) refused.unsafeUpdate(1, [])
      return admitted
    },
    failed: (failure, { busy, hadMillis, now }) => {
      if (!(failure instanceof CallFailed) || busy) return breaker.answered(now)
      if (isSilence(failure.code, hadMillis)) breaker.unanswered(now)
    },
    mayRepeat: (failure) => {
      const reachedNobody = failure instanceof CallFailed && failure.code === codes.UNAVAILABLE
      if (!reachedNobody || !breaker.isClosed()) return false
      if (!budget.isEnough()) unpaid.unsafeUpdate(1, [])
      return budget.isEnough()
    },
    repeats: () => {
      budget.spend()
      spent.unsafeUpdate(1, [])
    }
  }
}

/** What costs a caller its time. A peer that breaks at once is there, and a call that was hung up on says nothing. */
const isSilence = (code: number, hadMillis: number): boolean =>
  code === codes.UNAVAILABLE || (code === codes.DEADLINE_EXCEEDED && hadMillis >= fairTrialMillis)

const stateNumbers: Readonly<Record<CircuitBreaker.State, number>> = { closed: 0, "half-open": 1, open: 2 }

const breakerState = Metric.gauge("rpc_client_breaker_state", {
  description: "Whether calls to a peer go out: 0 all (closed), 1 one to see (half-open), 2 none (open)."
})

const shortCircuited = Metric.counter("rpc_client_short_circuited_total", {
  description: "Calls that failed at once because the breaker of their peer is open.",
  incremental: true
})

const retries = Metric.counter("rpc_client_retries_total", {
  description: "Calls that were made again (made), or would have been if the budget had not been spent (refused).",
  incremental: true
})
