import { hostname, mesh as meshNamespace, principal } from "../Cluster.ts"
import type { Manifest } from "../Manifest.ts"
import { type Arrow, arrows } from "./Topology.ts"
import { all, type Watcher } from "./Watchers.ts"

const app = (name: string) => ({ podSelector: { matchLabels: { app: name } } })
const tcp = (port: number) => [{ protocol: "TCP", port }]

const networkPolicy = (name: string, pods: string, rules: object): Manifest => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name },
  spec: { podSelector: { matchLabels: { app: pods } }, ...rules }
})

const out = (from: string) =>
  arrows.filter((arrow) => arrow.from === from).map(({ port, to }) => ({ to: [app(to)], ports: tcp(port) }))

const into = (to: string) =>
  arrows.filter((arrow) => arrow.to === to).map(({ from, port }) => ({ from: [app(from)], ports: tcp(port) }))

const isWatcher = (name: string): boolean => all.some((watcher) => watcher.name === name)

/** Callers that are no watchers: the tiers, which have policies of their own already. */
const tellers = [...new Set(arrows.map(({ from }) => from))].filter((name) => !isWatcher(name))

/** What the component network-policies denies, allowed along the arrows. */
export const network: ReadonlyArray<Manifest> = [
  ...tellers.map((tier) => networkPolicy(`${tier}-telemetry`, tier, { policyTypes: ["Egress"], egress: out(tier) })),
  ...all.map(({ name }) =>
    networkPolicy(name, name, { policyTypes: ["Ingress", "Egress"], ingress: into(name), egress: out(name) })
  )
]

/** Who may reach one port of a watcher, by the identities of the mesh. */
const rule = (port: number, callers: ReadonlyArray<Arrow>) => ({
  from: [{ source: { principals: callers.map(({ from }) => principal(from)) } }],
  to: [{ operation: { ports: [String(port)] } }]
})

const authorization = ({ name }: Watcher): ReadonlyArray<Manifest> => {
  const callers = arrows.filter(({ to }) => to === name)
  const ports = [...new Set(callers.map(({ port }) => port))]
  const rules = ports.map((wanted) =>
    rule(
      wanted,
      callers.filter(({ port }) => port === wanted)
    )
  )
  return rules.length === 0
    ? []
    : [
        {
          apiVersion: "security.istio.io/v1",
          kind: "AuthorizationPolicy",
          metadata: { name },
          spec: { selector: { matchLabels: { app: name } }, action: "ALLOW", rules }
        }
      ]
}

const sidecar = ({ name }: Watcher): Manifest => ({
  apiVersion: "networking.istio.io/v1",
  kind: "Sidecar",
  metadata: { name },
  spec: {
    workloadSelector: { labels: { app: name } },
    outboundTrafficPolicy: { mode: "REGISTRY_ONLY" },
    egress: [
      {
        hosts: [
          `${meshNamespace.namespace}/*`,
          ...arrows.filter(({ from }) => from === name).map(({ to }) => `./${hostname(to)}`)
        ]
      }
    ]
  }
})

/** The same for the mesh: by identity and port. What their sidecars know of is in the Kustomization beside it. */
export const mesh: ReadonlyArray<Manifest> = [...all.flatMap(authorization), ...all.map(sidecar)]
