import { hostname } from "../Cluster.ts"
import { configMaps } from "./Pods.ts"
import { all, watchers } from "./Watchers.ts"

const component = { apiVersion: "kustomize.config.k8s.io/v1alpha1", kind: "Component" } as const

const { collector } = watchers

/** What tells a tier where the collector is. Logs stay where they are written: `kubectl logs`, `docker compose logs`. */
export const told = {
  OTEL_EXPORTER_OTLP_ENDPOINT: `http://${collector.name}:${collector.ports["http-otlp"]}`,
  OTEL_LOGS_EXPORTER: "none"
} as const

/** Every tier, and the website's canary: no name of a watcher ends so. */
const everyTier = "frontend.*|.*service"

/** What watches the shop. */
export const watching = {
  ...component,
  resources: ["generated/pods.yaml"],
  configMapGenerator: all.flatMap(configMaps)
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
