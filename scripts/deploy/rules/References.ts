import { namespace } from "../Cluster.ts"
import { type Manifest, title } from "../Manifest.ts"
import * as Workload from "../Workload.ts"

/** Secrets that are made by hand, never by these files. */
const madeByHand = ["retro-station-keys", "retro-station-smtp"]

/** Kinds that belong to no namespace. */
const clusterWide = ["Namespace"]

/** Names and labels that lead nowhere. */
export const check = (manifests: ReadonlyArray<Manifest>): ReadonlyArray<string> => [
  ...duplicates(manifests),
  ...manifests
    .filter(({ kind, metadata }) => !clusterWide.includes(kind) && metadata.namespace !== namespace)
    .map((manifest) => `${title(manifest)}: is not in the namespace ${namespace}`),
  ...Workload.of(manifests).flatMap((workload) =>
    [...selectors(workload), ...sources(workload, manifests)].map((problem) => `${title(workload)}: ${problem}`)
  ),
  ...manifests.flatMap((manifest) => selection(manifest, manifests))
]

const duplicates = (manifests: ReadonlyArray<Manifest>) => {
  const titles = manifests.map(title)
  return [...new Set(titles.filter((name, place) => titles.indexOf(name) !== place))].map((name) => `${name}: is twice`)
}

const selectors = (workload: Workload.Workload): ReadonlyArray<string> => {
  const labels = Workload.labels(workload)
  const { selector, template } = workload.spec
  const own = Object.keys(selector?.matchLabels ?? {}).length > 0 && Workload.matches(labels, selector?.matchLabels)
  const spread = template.spec.topologySpreadConstraints ?? []
  return [
    ...(own ? [] : ["its selector does not match its own pods"]),
    ...(spread.every(
      ({ labelSelector }) => labelSelector !== undefined && Workload.matches(labels, labelSelector.matchLabels)
    )
      ? []
      : ["spreads pods that are not its own"])
  ]
}

const sources = (workload: Workload.Workload, manifests: ReadonlyArray<Manifest>): ReadonlyArray<string> => {
  const has = (kind: string, name: string) => manifests.some((it) => it.kind === kind && it.metadata.name === name)
  const account = workload.spec.template.spec.serviceAccountName
  return [
    ...Workload.containers(workload).flatMap(({ env = [], envFrom = [] }) => [
      ...envFrom.map(({ configMapRef, secretRef }) => ["ConfigMap", configMapRef, "Secret", secretRef] as const),
      ...env.map(
        ({ valueFrom }) => ["ConfigMap", valueFrom?.configMapKeyRef, "Secret", valueFrom?.secretKeyRef] as const
      )
    ]),
    ...(account === undefined ? [] : [["ServiceAccount", { name: account }, "", undefined] as const])
  ]
    .flatMap(([first, one, second, two]) => [[first, one?.name] as const, [second, two?.name] as const])
    .filter(([kind, name]) => name !== undefined && !has(kind, name) && !madeByHand.includes(name))
    .map(([kind, name]) => `there is no ${kind} ${name}`)
}

interface Selecting extends Manifest {
  readonly spec: {
    readonly selector?: Workload.Selector & Readonly<Record<string, unknown>>
    readonly podSelector?: Workload.Selector
    readonly workloadSelector?: { readonly labels: Readonly<Record<string, string>> }
    readonly scaleTargetRef?: { readonly kind: string; readonly name: string }
    readonly ports?: ReadonlyArray<{ readonly targetPort?: number | string; readonly port: number }>
  }
}

/** Kinds whose pods are part of what may be left out of a composition: the load generator, the store. */
const mayBeIdle = ["NetworkPolicy", "AuthorizationPolicy", "Sidecar"]
const optional = ["loadgenerator", "redis-cart"]

const wantedBy = ({ kind, spec }: Selecting): Readonly<Record<string, string>> | undefined => {
  if (kind === "Service") return spec.selector as Readonly<Record<string, string>> | undefined
  if (kind === "PodDisruptionBudget" || kind === "AuthorizationPolicy") return spec.selector?.matchLabels
  if (kind === "NetworkPolicy") return spec.podSelector?.matchLabels
  if (kind === "Sidecar") return spec.workloadSelector?.labels
  return undefined
}

const selection = (manifest: Manifest, manifests: ReadonlyArray<Manifest>): ReadonlyArray<string> => {
  const selecting = manifest as Selecting
  const workloads = Workload.of(manifests)
  const target = selecting.spec?.scaleTargetRef
  if (
    target !== undefined &&
    !workloads.some(({ kind, metadata }) => kind === target.kind && metadata.name === target.name)
  ) {
    return [`${title(manifest)}: there is no ${target.kind} ${target.name}`]
  }
  const wanted = wantedBy(selecting)
  if (wanted === undefined || Object.keys(wanted).length === 0) return []
  const selected = workloads.filter((workload) => Workload.matches(Workload.labels(workload), wanted))
  if (selected.length === 0) {
    const isIdle = mayBeIdle.includes(manifest.kind) && optional.includes(wanted["app"] ?? "")
    return isIdle ? [] : [`${title(manifest)}: selects no pods`]
  }
  if (manifest.kind !== "Service") return []
  return (selecting.spec.ports ?? []).flatMap(({ port, targetPort = port }) =>
    selected.every((workload) => Workload.portOf(Workload.containers(workload), targetPort) !== undefined)
      ? []
      : [`${title(manifest)}: its pods have no port ${targetPort}`]
  )
}
