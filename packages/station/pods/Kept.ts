import type * as Crowd from "../rolling/Crowd.ts"
import type * as Truth from "../test/Truth.ts"

/**
 * Whether what was done for an order is what its page said: one that is fine is paid once, shipped once and written about,
 * one that did not go through costs nothing. An e-mail may be sent twice: whoever sends it may lose its Redis before it is
 * written down.
 */
export const is = ({ failed }: Pick<Crowd.Shown, "failed">, truth: Truth.Truth): boolean =>
  failed
    ? !truth.paid && !truth.mailed && truth.mails === 0
    : truth.charges === 1 && truth.parcels === 1 && truth.paid && truth.shipped && truth.mailed
