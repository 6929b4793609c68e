import type { Rpc } from "@effect/rpc"
import { type Contract, failuresOf } from "@retro/contract/Contract"
import type { FailureClass } from "@retro/contract/Status"
import { contracts, type Server } from "@retro/station/ServiceGraph"

/** One rpc of the house. */
export interface AnyRpc {
  readonly tier: Server
  /** "PaymentService", as the contract's class and the proto's service are called. */
  readonly service: string
  /** "/retrostation.PaymentService/Charge" */
  readonly path: string
  readonly rpc: Rpc.AnyWithProps
  readonly failures: ReadonlyArray<FailureClass>
}

const tiers = Object.keys(contracts) as ReadonlyArray<Server>

/** Every rpc of every contract, from the groups themselves. */
export const all: ReadonlyArray<AnyRpc> = tiers.flatMap((tier) => {
  const contract: Pick<Contract<never, never>, "key" | "wire"> & { readonly group: unknown } = contracts[tier]
  const { requests } = contract.group as { readonly requests: ReadonlyMap<string, Rpc.AnyWithProps> }
  return Array.from(requests.values(), (rpc) => ({
    tier,
    service: contract.key.slice(contract.key.lastIndexOf("/") + 1),
    path: contract.wire[rpc._tag]?.path ?? "",
    rpc,
    failures: failuresOf(rpc.errorSchema)
  }))
})

/** "PaymentService.charge" */
export const nameOf = ({ rpc, service }: AnyRpc): string => `${service}.${rpc._tag}`
