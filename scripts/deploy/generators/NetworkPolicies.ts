import { tiers, type Tier } from "@retro/process/Tiers"
import { calls, edges, outside, store } from "@retro/station/ServiceGraph"
import { mesh } from "../Cluster.ts"
import type { Manifest } from "../Manifest.ts"

const app = (name: string) => ({ podSelector: { matchLabels: { app: name } } })
const tcp = (port: number) => [{ protocol: "TCP", port }]

const policy = (name: string, podSelector: object, rules: object): Manifest => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name },
  spec: { podSelector, ...rules }
})

/** Everything that is not in a private network (RFC 1918, 6598, 3927): the cluster's own addresses are none of these. */
const internet = {
  ipBlock: {
    cidr: "0.0.0.0/0",
    except: ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"]
  }
}

/** No pod may be called or call anybody, but for names and, where there is a mesh, its control plane. */
const basics: ReadonlyArray<Manifest> = [
  policy("deny-all", {}, { policyTypes: ["Ingress", "Egress"] }),
  policy(
    "dns",
    {},
    {
      policyTypes: ["Egress"],
      egress: [
        {
          to: [
            {
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
              podSelector: { matchLabels: { "k8s-app": "kube-dns" } }
            }
          ],
          ports: [
            { protocol: "UDP", port: 53 },
            { protocol: "TCP", port: 53 }
          ]
        }
      ]
    }
  ),
  policy(
    "mesh-control-plane",
    {},
    {
      policyTypes: ["Egress"],
      egress: [
        {
          to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": mesh.namespace } } }],
          ports: tcp(mesh.controlPlanePort)
        }
      ]
    }
  )
]

const callersOf = (tier: Tier) => edges.filter(({ to }) => to === tier).map(({ from }) => app(from))

/** Callers in, callees, store and the outside out. */
const ofTier = (tier: Tier): Manifest => {
  const { [tier]: external }: { readonly [T in Tier]?: { readonly port: number } } = outside
  const usesStore = store.users.some((user) => user === tier)
  return policy(
    tier,
    { matchLabels: { app: tier } },
    {
      policyTypes: ["Ingress", "Egress"],
      // The website is for everybody: a load balancer's address can be any.
      ingress: tier === "frontend" ? [{ ports: tcp(tiers.frontend.port) }] : ingress(callersOf(tier), tiers[tier].port),
      egress: [
        ...calls[tier].map(({ to }) => ({ to: [app(to)], ports: tcp(tiers[to].port) })),
        ...(usesStore ? [{ to: [app(store.name)], ports: tcp(store.port) }] : []),
        ...(external === undefined ? [] : [{ to: [internet], ports: tcp(external.port) }])
      ]
    }
  )
}

const ingress = (from: ReadonlyArray<object>, port: number) => (from.length === 0 ? [] : [{ from, ports: tcp(port) }])

const ofStore = policy(
  store.name,
  { matchLabels: { app: store.name } },
  {
    policyTypes: ["Ingress"],
    ingress: ingress(store.users.map(app), store.port)
  }
)

const ofLoadgenerator = policy(
  "loadgenerator",
  { matchLabels: { app: "loadgenerator" } },
  {
    policyTypes: ["Egress"],
    egress: [{ to: [app("frontend")], ports: tcp(tiers.frontend.port) }]
  }
)

/** What the mesh's policies say, for clusters without a mesh: by pod and port, not by rpc. */
export const make = (): ReadonlyArray<Manifest> => [
  ...basics,
  ...(Object.keys(tiers) as ReadonlyArray<Tier>).map(ofTier),
  ofStore,
  ofLoadgenerator
]
