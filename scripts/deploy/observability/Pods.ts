import type { Manifest } from "../Manifest.ts"
import type { Watcher } from "./Watchers.ts"

/** The name of the ConfigMap that holds the files of a folder. */
const configMap = ({ files, name }: Watcher, folder: string): string =>
  `${name}-${Object.keys(files).indexOf(folder) + 1}`

/** The ConfigMaps of a watcher, as Kustomize is to make them: from files of `deploy/observability`. */
export const configMaps = (watcher: Watcher) =>
  Object.entries(watcher.files).map(([folder, files]) => ({ name: configMap(watcher, folder), files }))

const app = ({ name }: Watcher) => ({ app: name })

const account = (watcher: Watcher): Manifest => ({
  apiVersion: "v1",
  kind: "ServiceAccount",
  metadata: { name: watcher.name },
  automountServiceAccountToken: false
})

const service = (watcher: Watcher): Manifest => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: watcher.name },
  spec: {
    selector: app(watcher),
    ports: Object.entries(watcher.ports).map(([name, port]) => ({
      name,
      port,
      targetPort: name,
      appProtocol: name.slice(0, name.indexOf("-"))
    }))
  }
})

const budget = (watcher: Watcher): Manifest => ({
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name: watcher.name },
  spec: { maxUnavailable: 1, selector: { matchLabels: app(watcher) } }
})

/** Kubernetes' names may have no slash: "/var/lib/grafana" is "var-lib-grafana". */
const volume = (folder: string): string => folder.slice(1).replaceAll("/", "-")

const container = (watcher: Watcher) => {
  const { args, files, health, image, memory, name, ports, scratch = [] } = watcher
  const httpGet = { path: health.path, port: health.port }
  return {
    name,
    image,
    ...(args === undefined ? {} : { args }),
    ports: Object.entries(ports).map(([name, containerPort]) => ({ name, containerPort })),
    startupProbe: { httpGet, periodSeconds: 1, failureThreshold: 120 },
    readinessProbe: { httpGet, periodSeconds: 5 },
    livenessProbe: { httpGet, periodSeconds: 10, timeoutSeconds: 3, failureThreshold: 3 },
    resources: { requests: { cpu: "50m", memory: memory[0] }, limits: { cpu: "1", memory: memory[1] } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] }
    },
    volumeMounts: [
      // File by file: a folder of the image stays what it is.
      ...Object.entries(files).flatMap(([folder, paths]) =>
        paths.map((path) => ({
          name: configMap(watcher, folder),
          mountPath: `${folder}/${fileName(path)}`,
          subPath: fileName(path),
          readOnly: true
        }))
      ),
      ...scratch.map((folder) => ({ name: volume(folder), mountPath: folder }))
    ]
  }
}

const fileName = (path: string): string => path.slice(path.lastIndexOf("/") + 1)

const deployment = (watcher: Watcher): Manifest => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: watcher.name },
  spec: {
    // What it keeps is its own: two of it would each know half.
    replicas: 1,
    strategy: { type: "Recreate" },
    selector: { matchLabels: app(watcher) },
    template: {
      metadata: { labels: app(watcher) },
      spec: {
        serviceAccountName: watcher.name,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: watcher.user,
          runAsGroup: watcher.user,
          fsGroup: watcher.user,
          seccompProfile: { type: "RuntimeDefault" }
        },
        containers: [container(watcher)],
        volumes: [
          ...configMaps(watcher).map(({ name }) => ({ name, configMap: { name } })),
          ...(watcher.scratch ?? []).map((folder) => ({ name: volume(folder), emptyDir: { sizeLimit: "2Gi" } }))
        ]
      }
    }
  }
})

/** A watcher in a cluster: under the restricted profile, with no token, an account of its own, and one pod. */
export const make = (watcher: Watcher): ReadonlyArray<Manifest> => [
  account(watcher),
  service(watcher),
  deployment(watcher),
  budget(watcher)
]
