import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import type { Manifest } from "./Manifest.ts"

/** What the schemas have against a manifest, by its place in the list. */
export interface Finding {
  readonly index: number
  readonly problem: string
}

/** Installs the schemas as deploy/tools/package-lock.json names them, unless they are there. */
export const install = (): void => {
  if (existsSync("deploy/tools/node_modules/.package-lock.json")) return
  const { status } = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], {
    cwd: "deploy/tools",
    stdio: "inherit"
  })
  if (status !== 0) throw new Error("the schemas cannot be installed (npm ci in deploy/tools)")
}

/** Wrong types, missing fields and unknown keys. */
export const check = (manifests: ReadonlyArray<Manifest>): ReadonlyArray<Finding> => {
  const { status, stderr, stdout } = spawnSync(process.execPath, ["deploy/tools/schemas.mjs"], {
    input: JSON.stringify(manifests),
    encoding: "utf8",
    maxBuffer: 2 ** 26
  })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as ReadonlyArray<Finding>
}
