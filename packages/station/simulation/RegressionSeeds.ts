/** A schedule, in rough weather, that found a mistake. */
export interface Kept {
  readonly seed: number
  /** The mutant in which the mistake lives on. */
  readonly found: string
}

/**
 * Run before all others, with and without the mistake. A seed stands for its schedule as long as the simulation draws the
 * same way and the programs take the same operations; whoever changes either keeps new ones, which
 * `npm run simulate -- --mutants` prints. A stale one is no failure: the hunt goes on from seed 1.
 */
export const all: ReadonlyArray<Kept> = [
  { seed: 1, found: "random idempotency key" },
  { seed: 1, found: "time-out taken for a decline" },
  { seed: 33, found: "no fence" },
  { seed: 5, found: "undo on interruption" },
  { seed: 35, found: "clear the whole cart" },
  { seed: 53, found: "clear twice" },
  { seed: 5, found: "mail before ship" },
  { seed: 18, found: "refund without cancelling the shipment" },
  { seed: 2, found: "token in the fingerprint" },
  { seed: 2, found: "journal written before the effect" },
  { seed: 21, found: "given up without writing so first" },
  { seed: 106, found: "a carrier that refuses now taken for one that will never ship" },
  { seed: 18, found: "D2: a failed shipment leaves the charge, and the next attempt charges again" },
  { seed: 1, found: "D4: each submit is an order of its own" },
  { seed: 11, found: "D6: the cart is emptied, whatever is in it by then, and a failure to do so is ignored" }
]
