import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"

/** The files that node reads before a bundle's program runs: its own, what it imports, and the script that it loads. */
export const filesOf = (program, known = new Set()) => {
  if (known.has(program)) return known
  known.add(program)
  for (const [, beside = ""] of readFileSync(program, "utf8").matchAll(imports))
    filesOf(join(dirname(program), beside), known)
  return known
}

/** As esbuild and Loader.cjs write them; `import("./…")` waits until somebody asks. */
const imports = /(?:from\s?|import\s?|__dirname, )"\.\/([\w.-]+)"/g
