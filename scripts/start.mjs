// Runs the whole shop in this process, as a bundle made on the spot: that takes a third of a second, and the first page
// then comes eight times sooner than from a thousand modules loaded one by one.
import { rmSync } from "node:fs"
import { fileURLToPath, pathToFileURL } from "node:url"
import { build } from "esbuild"
import { shared, sources } from "./bundle/options.mjs"

const root = fileURLToPath(new URL("..", import.meta.url))
const folder = `${root}/packages/station/dist`

rmSync(folder, { recursive: true, force: true })
await build({
  ...shared,
  absWorkingDir: root,
  entryPoints: ["packages/station/main.ts"],
  outdir: folder,
  outExtension: { ".js": ".mjs" },
  plugins: [sources({ whereTheyWere: true })]
})
await import(pathToFileURL(`${folder}/main.mjs`).href)
