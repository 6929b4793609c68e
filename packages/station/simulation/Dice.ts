import { Hash } from "effect"
import { PCGRandom } from "effect/Utils"

/** Random choices that a seed decides: the same seed and purpose make the same choices in the same order. */
export interface Dice {
  /** A whole number from 0, less than that. */
  readonly below: (end: number) => number
  /** A whole number of this range, both ends included. */
  readonly between: (least: number, most: number) => number
  /** A number from 0, less than 1. */
  readonly share: () => number
  /** True that often, from 0 to 1. */
  readonly chance: (share: number) => boolean
  readonly pick: <A>(first: A, ...others: ReadonlyArray<A>) => A
}

/** Dice of their own for each purpose, so that one more choice here changes no choice there. */
export const make = (seed: number, purpose: string): Dice => {
  const random = new PCGRandom(Hash.string(`${purpose} ${seed}`), seed)
  const share = () => random.number()
  const below = (end: number) => Math.floor(share() * end)
  return {
    below,
    share,
    between: (least, most) => least + below(most - least + 1),
    chance: (part) => share() < part,
    pick: (first, ...others) => [first, ...others][below(others.length + 1)] ?? first
  }
}
