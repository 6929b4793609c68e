// The dist/main.cjs of every bundle: runs program.js beside it, which holds all that a start needs. As a script, since of
// scripts, unlike modules, V8 takes what it compiled earlier; where that was another V8, it compiles the text again. And in
// a file of this kind, so that node's own loader of modules waits until one is imported: 5 ms.
const { existsSync, readFileSync } = require("node:fs")
const { join } = require("node:path")
const { pathToFileURL } = require("node:url")
const { Script } = require("node:vm")

const filename = join(__dirname, "./program.js")

/** Where what was compiled is kept, by this V8 for this kind of processor. */
const compiled = `${filename}.${process.versions.v8}-${process.arch}`
exports.compiled = compiled

/** The program; CompileAhead.mjs asks it what V8 has compiled of it. */
const script = new Script(readFileSync(filename, "latin1"), {
  filename,
  cachedData: existsSync(compiled) ? readFileSync(compiled) : undefined
})
exports.script = script

/** What the modules of the program export, by their files, to those that are read once somebody asks. */
const modules = {}
exports.modules = modules

script.runInThisContext()(modules, (name) => import(name), pathToFileURL(__filename).href, require)
