// A program that runs where its sources are, as a bundle that is made again only when one of these has changed.
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"

const root = fileURLToPath(new URL("../..", import.meta.url))

/** How a bundle is made, and where it finds packages. */
const recipe = () => [
  ...readdirSync(join(root, "scripts/bundle")).map((name) => `scripts/bundle/${name}`),
  ...readdirSync(join(root, "packages"))
    .map((name) => `packages/${name}/package.json`)
    .filter((path) => existsSync(join(root, path))),
  "package-lock.json",
  "tsconfig.json"
]

/** Beside the bundle: when it was begun, and the files that went into it. */
const recordOf = (folder) => join(folder, "inputs.json")

/** How long before a bundle was begun a file may have changed without being noticed: clocks of file systems are coarse. */
const coarseMillis = 1000

/** Whether this folder holds a bundle of this program and all that it was made of is as it was. */
export const isCurrent = (program, folder) => {
  if (!existsSync(recordOf(folder))) return false
  const { begun, entry, inputs } = JSON.parse(readFileSync(recordOf(folder), "utf8"))
  const isOld = (path) => (statSync(join(root, path), { throwIfNoEntry: false })?.ctimeMs ?? Infinity) < begun
  return entry === program && inputs.every(isOld)
}

/** Makes it: as bundles of images are, but it reads the files beside its sources where they are. */
export const write = async (program, folder) => {
  // Where nothing has changed, nobody waits for esbuild to be loaded.
  const [{ build }, { shared, sources }, Program] = await Promise.all([
    import("esbuild"),
    import("./options.mjs"),
    import("./Program.mjs")
  ])
  const begun = Date.now() - coarseMillis
  // Where several start at once, each makes its own, and whoever is last puts that in the place of the others'.
  const making = `${folder}.${process.pid}`
  const { metafile } = await build({
    ...shared,
    absWorkingDir: root,
    entryPoints: [{ in: program, out: "main" }],
    outdir: making,
    outExtension: { ".js": ".mjs" },
    plugins: [sources({ whereTheyWere: true })],
    metafile: true
  })
  const inRoot = ([path, output]) => [join(root, path), output]
  await Program.write(making, Object.fromEntries(Object.entries(metafile.outputs).map(inRoot)))
  const inputs = [...Object.keys(metafile.inputs).filter(isFile), ...recipe()]
  writeFileSync(recordOf(making), JSON.stringify({ begun, entry: program, inputs }))
  if (existsSync(folder)) renameSync(folder, `${making}.old`)
  renameSync(making, folder)
  rmSync(`${making}.old`, { recursive: true, force: true })
}

/** Not what a plugin made up. */
const isFile = (path) => !path.startsWith("uncalled:")

/**
 * Runs the bundle in this folder, and keeps beside it what V8 has compiled of it some seconds later, for the next start:
 * a third of a start is compiling.
 */
export const run = async (folder, afterMillis = 3000) => {
  const record = readFileSync(recordOf(folder), "utf8")
  const { compiled, script } = await import(pathToFileURL(join(folder, "main.cjs")).href)
  if (script.cachedDataRejected === false) return
  const keep = () => {
    // Somebody may have bundled it anew meanwhile. V8 would not notice: of a text it compares the length.
    if (existsSync(recordOf(folder)) && readFileSync(recordOf(folder), "utf8") === record)
      writeFileSync(compiled, script.createCachedData())
  }
  setTimeout(keep, afterMillis).unref()
}
