// node CompileAhead.mjs MAIN: runs the program that MAIN loads, and keeps beside it what V8 has compiled of it once the
// parent says that it serves: most functions are compiled when they run first.
import { writeFileSync } from "node:fs"
import { pathToFileURL } from "node:url"

const { compiled, script } = await import(pathToFileURL(process.argv[2]).href)
process.once("message", () => {
  writeFileSync(compiled, script.createCachedData())
  process.exit(0)
})
