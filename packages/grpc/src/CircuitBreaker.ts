/** `half-open`: one call is out to see whether the peer is back. */
export type State = "closed" | "half-open" | "open"

/** Keeps callers from waiting for a peer that does not answer. Times are in milliseconds; state of one channel. */
export interface CircuitBreaker {
  /** Whether a call may go out. */
  readonly admits: (now: number) => boolean
  readonly isClosed: () => boolean
  /** The peer gave a verdict, whichever: it is there. */
  readonly answered: (now: number) => void
  /** A call ended without a verdict. */
  readonly unanswered: (now: number) => void
}

/** Calls are looked at in windows of this length. */
const windowMillis = 10_000

/** It opens when of a window's calls so many, and no less than half, ended without a verdict. */
const tolerated = 5

/** How often an open one lets a call through; also when the last one has not come back. */
const trialMillis = 250

/** A closed breaker, which tells `changed` whenever it is in another state. */
export const make = (changed: (state: State) => void = () => {}): CircuitBreaker => {
  let state: State = "closed"
  let [calls, failures, windowEnds, nextTrial] = [0, 0, 0, 0]

  const become = (next: State) => {
    if (next === state) return
    state = next
    changed(state)
  }
  const count = (now: number) => {
    if (now >= windowEnds) [calls, failures, windowEnds] = [0, 0, now + windowMillis]
    calls++
  }

  return {
    admits: (now) => {
      if (state === "closed") return true
      if (now < nextTrial) return false
      nextTrial = now + trialMillis
      become("half-open")
      return true
    },
    isClosed: () => state === "closed",
    answered: (now) => {
      if (state !== "closed") windowEnds = 0
      become("closed")
      count(now)
    },
    unanswered: (now) => {
      if (state !== "closed") return become("open")
      count(now)
      failures++
      if (failures < tolerated || failures * 2 < calls) return
      nextTrial = now + trialMillis
      become("open")
    }
  }
}
