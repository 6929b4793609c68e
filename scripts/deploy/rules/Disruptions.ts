import { readFileSync } from "node:fs"
import { type Manifest, title } from "../Manifest.ts"
import * as Workload from "../Workload.ts"

interface Budget extends Manifest {
  readonly spec: { readonly selector?: Workload.Selector; readonly maxUnavailable?: number }
}

/** Services that a maintenance of nodes may end at once, or that could never be moved. */
const budgets = (manifests: ReadonlyArray<Manifest>): ReadonlyArray<string> => {
  const all = manifests.filter((manifest): manifest is Budget => manifest.kind === "PodDisruptionBudget")
  return Workload.of(manifests)
    .filter((workload) => Workload.containers(workload).some(({ ports = [] }) => ports.length > 0))
    .flatMap((workload) => {
      const mine = all.filter(({ spec }) => Workload.matches(Workload.labels(workload), spec.selector?.matchLabels))
      if (mine.length !== 1) return [`${title(workload)}: has ${mine.length} PodDisruptionBudgets`]
      return mine.some(({ spec }) => spec.maxUnavailable === 1) ? [] : [`${title(workload)}: not one of it may be away`]
    })
}

/** How long a tier finishes what is in flight, in seconds, as its program says. */
const drainSeconds = (tier: string): number => {
  const file = tier === "frontend" ? "packages/frontend/src/HttpServer.ts" : "packages/grpc/src/GrpcServer.ts"
  const [, seconds] = /drainTime = (?:Duration\.seconds\(|")(\d+)/.exec(readFileSync(file, "utf8")) ?? []
  if (seconds === undefined) throw new Error(`${file} does not say how long it drains`)
  return Number(seconds)
}

/** The part of the grace period that no step may use up, in seconds. */
const margin = 5

/** Pods that are killed before they have drained, or that stop listening while others still call them. */
const graces = (manifests: ReadonlyArray<Manifest>): ReadonlyArray<string> =>
  Workload.of(manifests).flatMap((workload) => {
    const pod = workload.spec.template.spec
    return pod.containers
      .filter(({ name }) => name === "server")
      .flatMap(({ lifecycle }) => {
        const command = lifecycle?.preStop?.exec?.command.join(" ") ?? ""
        const [, milliseconds] = /^node -e setTimeout\(\(\) => \{\}, (\d+)\)$/.exec(command) ?? []
        if (milliseconds === undefined) return [`${title(workload)}: stops while others still call it (no preStop)`]
        const needed = Number(milliseconds) / 1000 + drainSeconds(workload.metadata.name) + margin
        const given = pod.terminationGracePeriodSeconds ?? 30
        return given < needed ? [`${title(workload)}: is killed after ${given} s and may need ${needed} s`] : []
      })
  })

/** What is wrong with how pods go away. */
export const check = (manifests: ReadonlyArray<Manifest>): ReadonlyArray<string> => [
  ...budgets(manifests),
  ...graces(manifests)
]
