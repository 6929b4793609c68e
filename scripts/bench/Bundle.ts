import { build, type Plugin } from "esbuild"
import { shared, sources } from "../bundle/options.mjs"

/** Where the repository is. */
export const root = new URL("../../", import.meta.url).pathname.replace(/\/$/, "")

/**
 * Bundles programs as their images are, each into one file, and answers where the files are. `packages` is the folder
 * that `@retro/<package>/<Module>` is taken from: this repository's, or that of another state of it.
 */
export const make = async (
  programs: ReadonlyArray<string>,
  folder: string,
  packages = `${root}/packages`
): Promise<ReadonlyMap<string, string>> => {
  await build({
    ...shared,
    entryPoints: programs.map((program) => ({
      in: program.startsWith("packages/") ? `${packages}${program.slice("packages".length)}` : `${root}/${program}`,
      out: nameOf(program)
    })),
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    nodePaths: [`${root}/node_modules`],
    plugins: [workspace(packages), sources({ whereTheyWere: true })],
    sourcemap: true,
    sourcesContent: false
  })
  return new Map(programs.map((program) => [program, `${folder}/${nameOf(program)}.mjs`]))
}

const nameOf = (program: string): string => program.replace(/\.ts$/, "").replaceAll("/", "-")

/** Packages of the workspace by their folder, not by the links in node_modules. */
const workspace = (packages: string): Plugin => ({
  name: "workspace",
  setup: (bundling) =>
    bundling.onResolve({ filter: /^@retro\// }, ({ path }) => {
      const [, name = "", module = ""] = /^@retro\/([^/]+)\/(.+)$/.exec(path) ?? []
      return { path: `${packages}/${name}/src/${module}.ts` }
    })
})
