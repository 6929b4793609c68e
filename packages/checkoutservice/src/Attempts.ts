import * as Trouble from "@retro/contract/Trouble"
import { Cause, Effect } from "effect"
import type * as JournalMetrics from "./JournalMetrics.ts"
import type { Claim, JournalStore } from "./JournalStore.ts"

/** A journal that is ours until its lease runs out. */
export type Mine = Extract<Claim, { readonly _tag: "Mine" }>

/** How often a journal that ends without an answer is taken up before it is parked. */
export const max = 12

/**
 * Gives a journal back whose attempt ended before it was done. An interrupted one goes to whoever comes next; one that
 * ended in a defect waits ever longer, and is parked in the end. Nothing is undone: there was no answer.
 */
export const giveBack = (
  store: typeof JournalStore.Service,
  id: string,
  { attempts, owner }: Mine,
  cause: Cause.Cause<unknown>,
  counted: JournalMetrics.Counted
): Effect.Effect<void> => {
  if (Cause.isInterruptedOnly(cause)) return Effect.ignoreLogged(store.release(id, owner, 0))
  const given = attempts < max ? store.release(id, owner, pauseMillis(attempts)) : park(store, id, owner, counted)
  return Effect.zipRight(
    Effect.logError(`journal ${id}: attempt ${attempts} ended without an answer: ${Trouble.describe(cause)}`),
    Effect.ignoreLogged(given)
  )
}

const pauseMillis = (attempts: number) => Math.min(60_000, 250 * 2 ** attempts)

const park = Effect.fnUntraced(function* (
  store: typeof JournalStore.Service,
  id: string,
  owner: string,
  counted: JournalMetrics.Counted
) {
  yield* store.park(id, owner)
  yield* Effect.logError(`journal ${id}: parked until an operator puts it back`)
  yield* counted.parked
})
