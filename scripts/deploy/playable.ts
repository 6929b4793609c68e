// Writes the pods of the local shop as `podman kube play` of version 4.3 takes them, a file for each workload: what the
// overlay makes, with images of this machine and without what that version stumbles over. See deploy/tools/pods.sh.
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { type Manifest, print } from "./Manifest.ts"
import * as Render from "./Render.ts"
import * as Images from "./rules/Images.ts"
import * as Workload from "./Workload.ts"
import { Struct } from "effect"

const [folder = "pods"] = process.argv.slice(2)
const manifests = Render.render({ resource: "deploy/kubernetes/overlays/local-shop" })

/** The value of a key of a Secret, which that version cannot read. */
const valueIn = (secret: string, key: string): string => {
  const data = manifests.find(({ kind, metadata }) => kind === "Secret" && metadata.name === secret)?.["data"]
  return Buffer.from((data as Readonly<Record<string, string>> | undefined)?.[key] ?? "", "base64").toString()
}

/** Its image on this machine, as deploy/tools/images.sh makes it. */
const imageOf = (image: string): string =>
  Images.own.has(image) ? `localhost/${image}` : "localhost/retro-station-base/redis"

/** All shoppers come from one address here. */
const limits = ["SEARCH_LIMIT", "CART_LIMIT", "CHECKOUT_LIMIT", "DECLINE_LIMIT"]
const noLimits: Workload.Container["env"] = limits.map((name) => ({ name, value: "0" }))

/** The container without probes and ports, which a cluster asks and maps, and without fields of a pod that it has not. */
const container = (given: Workload.Container) => ({
  ...Struct.omit(given, "livenessProbe", "ports", "readinessProbe", "startupProbe"),
  image: imageOf(given.image),
  imagePullPolicy: "Never",
  env: [...(given.image.endsWith("/frontend") ? noLimits : []), ...(given.env ?? [])].flatMap(
    ({ name, value, valueFrom }) => {
      const secret = valueFrom?.secretKeyRef as { readonly name: string; readonly key: string } | undefined
      if (secret !== undefined) return [{ name, value: valueIn(secret.name, secret.key) }]
      return value === undefined ? [] : [{ name, value }]
    }
  )
})

rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
for (const workload of Workload.of(manifests)) {
  const { template, volumeClaimTemplates: claims = [], ...spec } = workload.spec
  const pod = Struct.omit(template.spec, "topologySpreadConstraints")
  const playable: Manifest = {
    ...workload,
    kind: "Deployment",
    spec: {
      ...spec,
      replicas: 1,
      template: {
        ...template,
        spec: {
          ...pod,
          containers: pod.containers.map(container),
          volumes: claims.map(({ metadata: { name } }) => ({
            name,
            persistentVolumeClaim: { claimName: `retro-station-pods-${name}` }
          }))
        }
      }
    }
  }
  const named = pod.containers.flatMap(({ envFrom = [] }) =>
    envFrom.flatMap(({ configMapRef }) => configMapRef?.name ?? [])
  )
  const maps = manifests.filter(({ kind, metadata }) => kind === "ConfigMap" && named.includes(metadata.name))
  writeFileSync(`${folder}/${workload.metadata.name}.yaml`, print("For podman kube play.", [...maps, playable]))
}
