import type { Tier } from "@retro/process/Tiers"
import { build, stop } from "esbuild"
import { shared, sources } from "./options.mjs"

/** The files that went into a bundle, by their paths in this repository. */
export type Inputs = ReadonlyArray<string>

/**
 * Bundles each tier into the one file that its image runs: it starts in a third of the time and takes a third of the
 * memory. In `packages/<tier>/dist`, or under another folder. A tier may be another program than its main.ts.
 */
export const bundle = async (
  tiers: ReadonlyArray<Tier>,
  folder = "packages",
  programs: Partial<Record<Tier, string>> = {}
): Promise<Inputs> => {
  const { metafile } = await build({
    ...shared,
    entryPoints: tiers.map((tier) => ({ in: programs[tier] ?? `packages/${tier}/main.ts`, out: `${tier}/dist/main` })),
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    plugins: [sources()],
    metafile: true
  })
  await stop()
  return Object.keys(metafile.inputs)
}
