// Checks the types of everything. Where there is a build of the compiler that knows Effect, its diagnostics (effects that
// nobody runs, a yield without its star, …) are errors too.
import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const effectCompiler = `${root}node_modules/@effect/tsgo-${process.platform}-${process.arch}/lib/tsc`
const found = existsSync(effectCompiler)
if (!found) console.log("checking types only: there is no Effect build of the compiler for this platform")

const { error, status } = spawnSync(found ? effectCompiler : `${root}node_modules/.bin/tsc`, ["--noEmit"], {
  cwd: root,
  stdio: "inherit"
})
if (error !== undefined) console.error(error.message)
process.exitCode = status ?? 1
