import type { Tier } from "@retro/process/Tiers"
import { build, stop } from "esbuild"
import { rmSync, writeFileSync } from "node:fs"
import { resolve } from "node:path"
import { shared, sources } from "./options.mjs"
import * as Program from "./Program.mjs"

/** What has an image of this kind: every tier, and the program that buys in a shop from outside. */
export type Bundled = Tier | "purchase"

/** Where a program stands, if not in the main.ts of its package. */
const elsewhere: Partial<Record<Bundled, string>> = { purchase: "packages/station/purchase/main.ts" }

/** The files that went into a bundle, by their paths in this repository. */
export type Inputs = ReadonlyArray<string>

/**
 * Bundles each program into what its image runs: it starts in a third of the time and takes a third of the memory. In
 * `packages/<name>/dist`, or under another folder: `main.cjs`, which for a tier runs `program.js`, and beside them what is
 * read only once it is asked for. A tier may be another program than its main.ts.
 */
export const bundle = async (
  names: ReadonlyArray<Bundled>,
  folder = "packages",
  programs: Partial<Record<Bundled, string>> = {}
): Promise<Inputs> => {
  const inputs = await Promise.all(
    names.map(async (name) => {
      const dist = `${folder}/${name}/dist`
      const { inputs, outputs } = await one(programs[name] ?? elsewhere[name] ?? `packages/${name}/main.ts`, dist)
      // What buys is started once in a while, by nobody who waits, and may be a module with an `await` of its own.
      if (name === "purchase") writeFileSync(`${dist}/main.cjs`, 'import("./main.mjs")\n')
      else await Program.write(resolve(dist), outputs)
      return Object.keys(inputs)
    })
  )
  await stop()
  return [...new Set(inputs.flat())]
}

/** By itself: programs that are bundled together share parts, and each image holds one of them. */
const one = async (program: string, outdir: string) => {
  rmSync(outdir, { recursive: true, force: true })
  const { metafile } = await build({
    ...shared,
    entryPoints: [{ in: program, out: "main" }],
    outdir,
    outExtension: { ".js": ".mjs" },
    plugins: [sources()],
    metafile: true
  })
  return metafile
}
