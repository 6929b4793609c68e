import { tiers } from "@retro/process/Tiers"
import { type Manifest, title } from "../Manifest.ts"
import * as Workload from "../Workload.ts"

interface NetworkPolicy extends Manifest {
  readonly spec: {
    readonly podSelector: Workload.Selector
    readonly policyTypes: ReadonlyArray<string>
    readonly ingress?: ReadonlyArray<unknown>
    readonly egress?: ReadonlyArray<unknown>
  }
}

/** Where there are network policies: pods that none of them holds back, in both directions. */
export const check = (manifests: ReadonlyArray<Manifest>): ReadonlyArray<string> => {
  const policies = manifests.filter((manifest): manifest is NetworkPolicy => manifest.kind === "NetworkPolicy")
  if (policies.length === 0) return []
  const deniesAll = policies.some(
    ({ spec }) =>
      Object.keys(spec.podSelector.matchLabels ?? {}).length === 0 &&
      spec.policyTypes.length === 2 &&
      spec.ingress === undefined &&
      spec.egress === undefined
  )
  return [
    ...(deniesAll ? [] : ["what no network policy names is not denied"]),
    ...Workload.of(manifests)
      .filter(({ metadata }) => metadata.name in tiers)
      .filter(({ metadata }) => !policies.some((policy) => policy.metadata.name === metadata.name))
      .map((workload) => `${title(workload)}: has no network policy`)
  ]
}
