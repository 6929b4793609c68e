// The dist/main.mjs of every bundle: runs program.js beside it, which holds all that a start needs. As a script, since of
// scripts, unlike modules, V8 takes what it compiled earlier; where that was another V8, it compiles the text again.
import { existsSync, readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { fileURLToPath } from "node:url"
import { Script } from "node:vm"

const filename = fileURLToPath(new URL("./program.js", import.meta.url))

/** Where what was compiled is kept, by this V8 for this kind of processor. */
export const compiled = `${filename}.${process.versions.v8}-${process.arch}`

/** The program; CompileAhead.mjs asks it what V8 has compiled of it. */
export const script = new Script(readFileSync(filename, "latin1"), {
  filename,
  cachedData: existsSync(compiled) ? readFileSync(compiled) : undefined
})

/** What the modules of the program export, by their files, to those that are read once somebody asks. */
export const modules = {}

script.runInThisContext()(
  modules,
  (name) => import(new URL(name, import.meta.url).href),
  import.meta.url,
  createRequire(import.meta.url)
)
