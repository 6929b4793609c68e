import { build } from "esbuild"
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { basename, join, resolve } from "node:path"
import * as AtStart from "./AtStart.mjs"
import { shared } from "./options.mjs"

/**
 * Makes one script, `program.js`, of `main.mjs` in this folder and of all that it imports, and puts in its place what loads
 * it (Loader.cjs), so that what V8 compiled of it can be kept in a file. What is imported by `import()` stays as it is: it
 * still finds the modules that went into the program, since of each a file is left that says where its exports are now.
 * `outputs` is what esbuild says of the files that it wrote.
 */
export const write = async (folder, outputs) => {
  const main = join(folder, "main.mjs")
  const modules = Object.entries(outputs).map(([path, { exports }]) => ({ path: resolve(path), exports }))
  const atStart = AtStart.filesOf(main)
  const parts = modules.filter(({ path }) => path !== main && atStart.has(path))
  const { outputFiles } = await build({
    ...shared,
    splitting: false,
    format: "cjs",
    stdin: { contents: handOver(parts), resolveDir: folder },
    banner: { js: "(function(modulesOfProgram,loadLater,urlOfProgram,require){" },
    footer: { js: "})" },
    define: { "import.meta.url": "urlOfProgram" },
    plugins: [asScript],
    write: false
  })
  writeFileSync(join(folder, "program.js"), ascii(outputFiles.map(({ text }) => text).join("")))
  rmSync(main)
  copyFileSync(new URL("Loader.cjs", import.meta.url), join(folder, "main.cjs"))
  for (const part of parts) writeFileSync(part.path, placeOf(part))
}

/** The program, and a function for each module that answers what it exports: hardly anybody asks. */
const handOver = (parts) => ['import "./main.mjs"', ...parts.flatMap(handOverOf)].join("\n")

const handOverOf = ({ exports, path }, at) => [
  `import { ${exports.map((name) => `${name} as ${name}_${at}`).join(", ")} } from "./${basename(path)}"`,
  `modulesOfProgram["${basename(path)}"] = () => ({ ${exports.map((name) => `${name}: ${name}_${at}`).join(", ")} })`
]

const placeOf = ({ exports, path }) =>
  `import { modules } from "./main.cjs"\nexport const { ${exports.join(", ")} } = modules["${basename(path)}"]()\n`

/** A script has no `import()`, and is given `require` by who loads it. */
const asScript = {
  name: "as-script",
  setup: (bundling) =>
    bundling.onLoad({ filter: /\.mjs$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8")
        .replace(shared.banner.js, "")
        .replaceAll(/\bimport\(/g, "loadLater("),
      loader: "js"
    }))
}

/** One byte for each character in V8's memory, not two for all: esbuild leaves them as they are in tagged templates. */
const ascii = (text) =>
  text.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
