import { hostname } from "../Cluster.ts"
import { configMaps } from "./Pods.ts"
import { all, watchers } from "./Watchers.ts"

const component = { apiVersion: "kustomize.config.k8s.io/v1alpha1", kind: "Component" } as const

const { collector } = watchers

/** What tells a tier where the collector is. */
export const told = {
  OTEL_EXPORTER_OTLP_ENDPOINT: `http://${collector.name}:${collector.ports["http-otlp"]}`
} as const

/** Every tier, and the website's canary: no name of a watcher ends so. */
const everyTier = "frontend.*|.*service"

const tellEveryTier = {
  target: { kind: "Deployment", name: everyTier },
  patch: JSON.stringify({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "every-tier" },
    spec: {
      template: {
        spec: {
          containers: [{ name: "server", env: Object.entries(told).map(([name, value]) => ({ name, value })) }]
        }
      }
    }
  })
}

/** What watches the shop, and where tiers find it. */
export const watching = {
  ...component,
  resources: ["generated/pods.yaml"],
  configMapGenerator: all.flatMap(configMaps),
  patches: [tellEveryTier]
}

/** Beside the component network-policies. */
export const network = { ...component, resources: ["generated.yaml"] }

/** Beside the component istio: proxies know only whom they are told of. */
export const mesh = {
  ...component,
  resources: ["generated.yaml"],
  patches: [
    {
      target: { kind: "Sidecar", name: everyTier },
      patch: JSON.stringify([{ op: "add", path: "/spec/egress/0/hosts/-", value: `./${hostname(collector.name)}` }])
    }
  ]
}
