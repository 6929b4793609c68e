import { type Manifest, title } from "../Manifest.ts"
import * as Workload from "../Workload.ts"

const wanted = [
  ["requests", "cpu"],
  ["requests", "memory"],
  ["limits", "cpu"],
  ["limits", "memory"]
] as const

/** Containers that do not say what they need, or that may take everything a node has. */
export const check = (manifests: ReadonlyArray<Manifest>): ReadonlyArray<string> =>
  Workload.of(manifests).flatMap((workload) =>
    Workload.containers(workload).flatMap(({ name, resources = {} }) =>
      wanted
        .filter(([kind, resource]) => resources[kind]?.[resource] === undefined)
        .map(([kind, resource]) => `${title(workload)}, ${name}: has no ${kind} of ${resource}`)
    )
  )
