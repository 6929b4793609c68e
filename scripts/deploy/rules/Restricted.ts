import { type Manifest, title } from "../Manifest.ts"
import * as Workload from "../Workload.ts"

/** Pods that could do more than they need: Kubernetes' restricted profile, a read-only root, no token, an own account. */
export const check = (manifests: ReadonlyArray<Manifest>): ReadonlyArray<string> =>
  Workload.of(manifests).flatMap((workload) => [
    ...ofPod(workload).map((problem) => `${title(workload)}: ${problem}`),
    ...Workload.containers(workload).flatMap((container) =>
      ofContainer(workload, container).map((problem) => `${title(workload)}, ${container.name}: ${problem}`)
    )
  ])

const ofPod = ({ spec: { template } }: Workload.Workload): ReadonlyArray<string> => {
  const pod = template.spec
  return [
    pod.automountServiceAccountToken === false ? "" : "is given a token of the API server",
    (pod.serviceAccountName ?? "default") === "default" ? "has no account of its own" : "",
    pod.hostNetwork === true || pod.hostPID === true || pod.hostIPC === true ? "shares a namespace of its node" : "",
    pod.volumes?.some(({ hostPath }) => hostPath !== undefined) === true ? "reads files of its node" : ""
  ].filter((problem) => problem !== "")
}

const ofContainer = ({ spec }: Workload.Workload, { securityContext: own = {} }: Workload.Container) => {
  const context = { ...spec.template.spec.securityContext, ...own }
  const { add = [], drop = [] } = context.capabilities ?? {}
  return [
    context.runAsNonRoot === true && context.runAsUser !== 0 && context.runAsUser !== undefined
      ? ""
      : "may run as root",
    context.privileged === true ? "is privileged" : "",
    context.allowPrivilegeEscalation === false ? "" : "may gain privileges",
    context.readOnlyRootFilesystem === true ? "" : "may change its image",
    drop.includes("ALL") && add.length === 0 ? "" : "keeps capabilities",
    context.seccompProfile?.type === "RuntimeDefault" ? "" : "may make any system call"
  ].filter((problem) => problem !== "")
}
