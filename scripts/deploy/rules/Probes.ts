import { type Manifest, title } from "../Manifest.ts"
import * as Workload from "../Workload.ts"

const kinds = ["startupProbe", "readinessProbe", "livenessProbe"] as const

/** Containers that serve something and cannot be asked how they are, or are asked at a port that they do not have. */
export const check = (manifests: ReadonlyArray<Manifest>): ReadonlyArray<string> =>
  Workload.of(manifests).flatMap((workload) =>
    workload.spec.template.spec.containers
      .filter(({ ports = [] }) => ports.length > 0)
      .flatMap((container) =>
        kinds.flatMap((kind) =>
          problemOf(container, kind).map((problem) => `${title(workload)}, ${container.name}: ${problem}`)
        )
      )
  )

const problemOf = (container: Workload.Container, kind: (typeof kinds)[number]): ReadonlyArray<string> => {
  const probe = container[kind]
  if (probe === undefined) return [`has no ${kind}`]
  const port = probe.grpc?.port ?? probe.httpGet?.port ?? probe.tcpSocket?.port
  if (port === undefined) return probe.exec === undefined ? [`${kind} asks nothing`] : []
  return Workload.portOf([container], port) === undefined
    ? [`${kind} asks at port ${port}, which it does not have`]
    : []
}
