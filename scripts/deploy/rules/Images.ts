import { tiers } from "@retro/process/Tiers"
import { type Manifest, title } from "../Manifest.ts"
import * as Workload from "../Workload.ts"

/** The images that this repository makes. */
export const own: ReadonlySet<string> = new Set(
  [...Object.keys(tiers), "loadgenerator", "purchase"].map((name) => `retro-station/${name}`)
)

/** An image that will be the same tomorrow: by its digest. */
export const isPinned = (image: string): boolean => /@sha256:[0-9a-f]{64}$/.test(image)

/** Images that nobody makes, and images of others that could change under us. */
export const check = (manifests: ReadonlyArray<Manifest>): ReadonlyArray<string> =>
  Workload.of(manifests).flatMap((workload) =>
    Workload.containers(workload)
      .filter(({ image }) => !own.has(unregistered(image)) && !isPinned(image))
      .map(({ image }) => `${title(workload)}: ${image} is neither ours nor pinned by its digest`)
  )

/** Without the registry and the version that an overlay puts in. */
const unregistered = (image: string): string =>
  image.replace(/^registry\.example\.com\//, "").replace(/:\d[\w.-]*$/, "")
