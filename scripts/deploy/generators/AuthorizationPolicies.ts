import { edges, store } from "@retro/station/ServiceGraph"
import { principal, visitors } from "../Cluster.ts"
import type { Manifest } from "../Manifest.ts"

/** Nothing is allowed but what a rule of another policy allows. */
const denyAll: Manifest = {
  apiVersion: "security.istio.io/v1",
  kind: "AuthorizationPolicy",
  metadata: { name: "deny-all" },
  spec: {}
}

const allow = (name: string, app: string, rule: object): Manifest => ({
  apiVersion: "security.istio.io/v1",
  kind: "AuthorizationPolicy",
  metadata: { name },
  spec: { selector: { matchLabels: { app } }, action: "ALLOW", rules: [rule] }
})

/** One policy for each arrow, down to the rpc; one for the store, one for the website's visitors. */
export const make = (): ReadonlyArray<Manifest> => [
  denyAll,
  ...edges.map(({ from, paths, to }) =>
    allow(`${from}-calls-${to}`, to, {
      from: [{ source: { principals: [principal(from)] } }],
      to: [{ operation: { methods: ["POST"], paths } }]
    })
  ),
  allow(`${store.name}-users`, store.name, {
    from: [{ source: { principals: store.users.map(principal) } }],
    to: [{ operation: { ports: [String(store.port)] } }]
  }),
  allow("frontend-visitors", "frontend", { from: [{ source: { principals: visitors } }] })
]
