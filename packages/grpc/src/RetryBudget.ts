/** What the calls to one peer may spend on repeats. State of one channel; never shared between processes. */
export interface RetryBudget {
  /** A call is made for the first time: it pays in. */
  readonly earn: () => void
  /** Whether a repeat can be paid. */
  readonly isEnough: () => boolean
  /** A call is made again: it takes out. */
  readonly spend: () => void
}

/** What a call pays in, as a share of a repeat: so many of all calls may be repeats for ever. */
const share = 0.08

/** The repeats that may be saved up: enough for a quiet peer that restarts, too few to press a busy one. */
const savings = 10

/**
 * A full budget. However many calls fail, n of them are repeated {@link savings} + {@link share} · n times at most: from
 * 500 calls on, a peer that fails them all sees 10 % more of them, not three times as many.
 */
export const make = (): RetryBudget => {
  let tokens = savings
  return {
    earn: () => {
      tokens = Math.min(savings, tokens + share)
    },
    isEnough: () => tokens >= 1,
    spend: () => {
      tokens -= 1
    }
  }
}
