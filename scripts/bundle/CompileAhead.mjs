// node CompileAhead.mjs MAIN: runs the program that MAIN loads, and keeps beside it what V8 has compiled of it once the
// parent says that it serves: most functions are compiled when they run first.
import { writeFileSync } from "node:fs"
import { pathToFileURL } from "node:url"

const [main] = process.argv.splice(2, 1)
const { compiled, script } = await import(pathToFileURL(main).href)
process.once("message", () => {
  writeFileSync(compiled, script.createCachedData())
  process.exit(0)
})
