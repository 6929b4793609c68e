import { type Tier, tiers } from "@retro/process/Tiers"
import { calls, outside, store } from "@retro/station/ServiceGraph"
import { hostname, mesh } from "../Cluster.ts"
import type { Manifest } from "../Manifest.ts"

const sidecar = (tier: string, hosts: ReadonlyArray<string>): Manifest => ({
  apiVersion: "networking.istio.io/v1",
  kind: "Sidecar",
  metadata: { name: tier },
  spec: {
    workloadSelector: { labels: { app: tier } },
    outboundTrafficPolicy: { mode: "REGISTRY_ONLY" },
    egress: [{ hosts: [`${mesh.namespace}/*`, ...hosts.map((host) => `./${host}`)] }]
  }
})

const ofTier = (tier: Tier): Manifest => {
  const { [tier]: external }: { readonly [T in Tier]?: { readonly host: string } } = outside
  return sidecar(tier, [
    ...calls[tier].map(({ to }) => hostname(to)),
    ...(store.users.some((user) => user === tier) ? [hostname(store.name)] : []),
    ...(external === undefined ? [] : [external.host])
  ])
}

/** What the proxy of each tier knows of: whom it calls, and nobody else. */
export const make = (): ReadonlyArray<Manifest> => [
  ...(Object.keys(tiers) as ReadonlyArray<Tier>).map(ofTier),
  sidecar(store.name, []),
  sidecar("loadgenerator", [hostname("frontend")])
]
