import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, relative, resolve } from "node:path"
import { namespace } from "./Cluster.ts"
import { type Manifest, parse } from "./Manifest.ts"

const candidates = [
  ["kubectl", "kustomize"],
  ["kustomize", "build"]
] as const

/** The program that renders Kustomize here, if there is one. */
export const program = candidates.find(([name]) => spawnSync(name, ["--help"]).error === undefined)

/** What to say where there is none. */
export const advice =
  "deploy:check needs kubectl (1.27 or newer) or kustomize (5): see https://kubernetes.io/docs/tasks/tools, or " +
  "`go install sigs.k8s.io/kustomize/kustomize/v5@v5.5.0`"

/** Folders that are applied together: one to begin with, and components on top. */
export interface Composition {
  readonly resource: string
  readonly components?: ReadonlyArray<string>
}

/** How a composition is called in reports. */
export const nameOf = ({ components = [], resource }: Composition): string =>
  [resource, ...components].map((path) => path.replace(/^deploy\/(kubernetes\/)?/, "")).join(" + ")

/** The manifests of a composition; throws what Kustomize has to say against it. */
export const render = ({ components = [], resource }: Composition): ReadonlyArray<Manifest> => {
  if (program === undefined) throw new Error(advice)
  const folder = mkdtempSync(join(tmpdir(), "retro-deploy-"))
  try {
    const pathTo = (path: string) => relative(folder, resolve(path))
    mkdirSync(folder, { recursive: true })
    writeFileSync(
      join(folder, "kustomization.yaml"),
      JSON.stringify({ namespace, resources: [pathTo(resource)], components: components.map(pathTo) })
    )
    const [name, command] = program
    const { status, stderr, stdout } = spawnSync(name, [command, folder], { encoding: "utf8", maxBuffer: 2 ** 26 })
    if (status !== 0) throw new Error(stderr.trim())
    return parse(stdout)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
