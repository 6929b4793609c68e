import { stringify } from "yaml"
import { print } from "../Manifest.ts"
import * as Alerts from "./Alerts.ts"
import * as Compose from "./Compose.ts"
import * as Dashboard from "./Dashboard.ts"
import { dashboards } from "./Dashboards.ts"
import * as Kustomizations from "./Kustomizations.ts"
import * as Pods from "./Pods.ts"
import * as Policies from "./Policies.ts"
import * as SloRules from "./SloRules.ts"
import { all } from "./Watchers.ts"

const folder = "deploy/observability"

const howToRun =
  "docker compose -f deploy/compose.yaml -f deploy/compose.observability.yaml up --build, then Grafana at\n" +
  "# http://localhost:3000, Jaeger at http://localhost:16686, Prometheus at http://localhost:9090."

/** Everything that watches the shop, by path: pods, policies, promises with their alerts, dashboards. */
export const files = (comment: string): ReadonlyArray<readonly [string, string]> => {
  const yaml = (path: string, value: object, more = ""): readonly [string, string] => [
    path,
    `# ${comment}\n${more === "" ? "" : `# ${more}\n`}${stringify(value, { lineWidth: 0 })}`
  ]
  return [
    yaml(`${folder}/kustomization.yaml`, Kustomizations.watching),
    [`${folder}/generated/pods.yaml`, print(comment, all.flatMap(Pods.make))],
    yaml(`${folder}/generated/rules.yaml`, { groups: [...SloRules.groups, ...Alerts.groups] }),
    ...dashboards.map((it) => [`${folder}/generated/${it.uid}.json`, Dashboard.json(it)] as const),
    yaml(`${folder}/network-policies/kustomization.yaml`, Kustomizations.network),
    [`${folder}/network-policies/generated.yaml`, print(comment, Policies.network)],
    yaml(`${folder}/istio/kustomization.yaml`, Kustomizations.mesh),
    [`${folder}/istio/generated.yaml`, print(comment, Policies.mesh)],
    yaml("deploy/compose.observability.yaml", Compose.make(), howToRun)
  ]
}
