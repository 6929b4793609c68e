import { readFileSync } from "node:fs"
import { type Manifest, parse, title } from "./Manifest.ts"
import * as Rules from "./Rules.ts"
import * as Schemas from "./Schemas.ts"

const file = "scripts/deploy/deliberate-errors.yaml"

/** What a check must say against a manifest of that file, in its annotation. */
const annotation = "retro-station/refused-because"

/** Errors that no check found, or that were refused for another reason. */
export const check = (): ReadonlyArray<string> => {
  const manifests = parse(readFileSync(file, "utf8"))
  const findings = Schemas.check(manifests)
  return manifests.flatMap((manifest, index) => {
    const reason = manifest.metadata.annotations?.[annotation]
    if (reason === undefined) return [`${title(manifest)}: does not say what is wrong with it`]
    const found = [
      ...findings.filter((finding) => finding.index === index).map(({ problem }) => problem),
      ...rules(manifest)
    ]
    return found.some((problem) => problem.includes(reason))
      ? []
      : [`${title(manifest)}: not refused because of "${reason}", only: ${found.join("; ")}`]
  })
}

/** What our rules say of one manifest alone; a manifest that the schemas refuse may break their reading of it. */
const rules = (manifest: Manifest): ReadonlyArray<string> => {
  try {
    return Rules.check([manifest])
  } catch {
    return []
  }
}
