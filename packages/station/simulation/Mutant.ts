import type { Rpc } from "@effect/rpc"
import type * as Checkout from "@retro/checkoutservice/Checkout"
import type { Contract, Methods } from "@retro/contract/Contract"
import type { Change } from "./Stores.ts"

/** A mistake that somebody could make, or that the original made: the simulation must find it. */
export interface Mutant {
  readonly name: string
  /** The mistake, new for each run. */
  readonly make: () => Mistake
}

/** Which pieces of the shop a mistake replaces. */
export interface Mistake {
  /** Services as their callers see them. */
  readonly swaps?: ReadonlyArray<Swap>
  readonly journal?: Change
  readonly checkout?: typeof Checkout.layer
}

/** A service in place of another one. */
export interface Swap {
  readonly contract: unknown
  readonly change: (service: never) => object
}

/** Replaces some rpcs of a service, given the right ones. */
export const swap = <Self, R extends Rpc.Any>(
  contract: Contract<Self, R>,
  change: (service: Methods<R>) => Partial<Methods<R>>
): Swap => ({ contract, change })
