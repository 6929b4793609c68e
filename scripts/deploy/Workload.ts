import type { Manifest } from "./Manifest.ts"

/** What checks read of a probe. */
export interface Probe {
  readonly grpc?: { readonly port: number; readonly service?: string }
  readonly httpGet?: { readonly port: number | string; readonly path?: string }
  readonly tcpSocket?: { readonly port: number | string }
  readonly exec?: { readonly command: ReadonlyArray<string> }
}

interface SecurityContext {
  readonly runAsNonRoot?: boolean
  readonly runAsUser?: number
  readonly seccompProfile?: { readonly type: string }
  readonly privileged?: boolean
  readonly allowPrivilegeEscalation?: boolean
  readonly readOnlyRootFilesystem?: boolean
  readonly capabilities?: { readonly add?: ReadonlyArray<string>; readonly drop?: ReadonlyArray<string> }
}

interface Reference {
  readonly name: string
  readonly optional?: boolean
}

/** What checks read of a container. */
export interface Container {
  readonly name: string
  readonly image: string
  readonly ports?: ReadonlyArray<{ readonly name?: string; readonly containerPort: number }>
  readonly env?: ReadonlyArray<{
    readonly name: string
    readonly value?: string
    readonly valueFrom?: { readonly secretKeyRef?: Reference; readonly configMapKeyRef?: Reference }
  }>
  readonly envFrom?: ReadonlyArray<{ readonly configMapRef?: Reference; readonly secretRef?: Reference }>
  readonly startupProbe?: Probe
  readonly readinessProbe?: Probe
  readonly livenessProbe?: Probe
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>
    readonly limits?: Readonly<Record<string, string>>
  }
  readonly securityContext?: SecurityContext
  readonly lifecycle?: { readonly preStop?: { readonly exec?: { readonly command: ReadonlyArray<string> } } }
}

/** What checks read of a pod. */
export interface PodSpec {
  readonly containers: ReadonlyArray<Container>
  readonly initContainers?: ReadonlyArray<Container>
  readonly serviceAccountName?: string
  readonly automountServiceAccountToken?: boolean
  readonly terminationGracePeriodSeconds?: number
  readonly hostNetwork?: boolean
  readonly hostPID?: boolean
  readonly hostIPC?: boolean
  readonly securityContext?: SecurityContext
  readonly topologySpreadConstraints?: ReadonlyArray<{ readonly labelSelector?: Selector }>
  readonly volumes?: ReadonlyArray<{ readonly name: string; readonly hostPath?: unknown }>
}

/** A selector by labels, the only kind that the shop uses. */
export interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>
}

/** A Deployment or a StatefulSet. */
export interface Workload extends Manifest {
  readonly spec: {
    readonly selector?: Selector
    /** Disks of its own for each pod of a StatefulSet. */
    readonly volumeClaimTemplates?: ReadonlyArray<{ readonly metadata: { readonly name: string } }>
    readonly template: {
      readonly metadata?: { readonly labels?: Readonly<Record<string, string>> }
      readonly spec: PodSpec
    }
  }
}

/** What runs pods. */
export const of = (manifests: ReadonlyArray<Manifest>): ReadonlyArray<Workload> =>
  manifests.filter((manifest): manifest is Workload => ["Deployment", "StatefulSet"].includes(manifest.kind))

/** The labels of its pods. */
export const labels = ({ spec }: Workload): Readonly<Record<string, string>> => spec.template.metadata?.labels ?? {}

/** Every container of its pods. */
export const containers = ({ spec: { template } }: Workload): ReadonlyArray<Container> => [
  ...template.spec.containers,
  ...(template.spec.initContainers ?? [])
]

/** Whether pods with these labels are selected. */
export const matches = (
  labels: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>> = {}
): boolean => Object.entries(wanted).every(([name, value]) => labels[name] === value)

/** The port that a number or a name means in these containers. */
export const portOf = (containers: ReadonlyArray<Container>, port: number | string): number | undefined =>
  containers
    .flatMap(({ ports = [] }) => ports)
    .find(({ containerPort, name }) => port === name || port === containerPort)?.containerPort
