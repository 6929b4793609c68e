import { type Tier, tiers } from "@retro/process/Tiers"
import { contracts, type Server } from "@retro/station/ServiceGraph"
import * as Addresses from "./generators/Addresses.ts"
import * as AuthorizationPolicies from "./generators/AuthorizationPolicies.ts"
import * as Diagram from "./generators/Diagram.ts"
import * as Egress from "./generators/Egress.ts"
import * as Headless from "./generators/Headless.ts"
import * as NetworkPolicies from "./generators/NetworkPolicies.ts"
import * as Routes from "./generators/Routes.ts"
import * as Sidecars from "./generators/Sidecars.ts"
import { type Manifest, print } from "./Manifest.ts"
import * as Observability from "./observability/Observability.ts"

const comment = "Written by `npm run deploy:generate` from packages/station/src/ServiceGraph.ts. Do not edit."

const yaml = (path: string, manifests: ReadonlyArray<Manifest>) => [path, print(comment, manifests)] as const

const addresses = (folder: string, address: (server: Server) => string) =>
  (Object.keys(tiers) as ReadonlyArray<Tier>).flatMap((tier) => {
    const variables = Addresses.of(tier, address)
    return variables.size === 0 ? [] : [[`${folder}/${tier}.env`, Addresses.print(comment, variables)] as const]
  })

/** Folders that hold nothing but generated files. */
export const folders = [
  "deploy/istio/generated",
  "deploy/kubernetes/base/addresses",
  "deploy/kubernetes/components/headless/addresses",
  "deploy/observability/generated",
  "deploy/observability/istio",
  "deploy/observability/network-policies"
] as const

/** Every file that follows from the service graph, by its path, with what is in it. */
export const files = (): ReadonlyMap<string, string> =>
  new Map([
    yaml("deploy/istio/generated/authorization-policies.yaml", AuthorizationPolicies.make()),
    yaml("deploy/istio/generated/egress.yaml", Egress.make()),
    yaml("deploy/istio/generated/routes.yaml", Routes.make()),
    yaml("deploy/istio/generated/sidecars.yaml", Sidecars.make()),
    yaml("deploy/kubernetes/components/network-policies/generated.yaml", NetworkPolicies.make()),
    yaml(
      "deploy/kubernetes/components/headless/generated.yaml",
      Headless.make(Object.keys(contracts) as ReadonlyArray<Server>)
    ),
    ...addresses("deploy/kubernetes/base/addresses", Addresses.clusterIp),
    ...addresses("deploy/kubernetes/components/headless/addresses", Addresses.headless),
    ["deploy/service-graph.md", Diagram.make(comment)],
    ...Observability.files("Written by `npm run deploy:generate` from scripts/deploy/observability. Do not edit.")
  ])
