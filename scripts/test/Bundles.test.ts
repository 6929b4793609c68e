import { type Tier, tiers } from "@retro/process/Tiers"
import { assertTrue, deepStrictEqual, strictEqual, throws } from "@effect/vitest/utils"
import { build } from "esbuild"
import { execFileSync } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, it } from "vitest"
import * as Budgets from "../bench/Budgets.ts"
import * as AtStart from "../bundle/AtStart.mjs"
import { bundle } from "../bundle/Bundle.ts"
import * as CodeCache from "../bundle/CodeCache.ts"
import * as ImageFiles from "../bundle/ImageFiles.ts"
import { shared, sources } from "../bundle/options.mjs"

const names = Object.keys(tiers) as ReadonlyArray<Tier>

/** What a program may need one day, with who may and a text that only it holds. */
const later = {
  "what makes up values": ["cartservice", "Property failed after"],
  "the descriptions of proto/": ["cartservice", "google.protobuf.FileDescriptorProto"],
  "the shop for programs": ["frontend", "The body holds no call"]
} as const

describe("the bundles of the images", () => {
  const folder = mkdtempSync(join(tmpdir(), "retro-bundles-"))
  beforeAll(() => bundle(names, folder), 60_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const dist = (name: Tier) => join(folder, name, "dist")
  const readBy = (name: Tier) => [...AtStart.filesOf(join(dist(name), "main.cjs"))]
  const holding = (text: string) => (file: string) => readFileSync(file, "utf8").includes(text)

  for (const name of names) {
    it(`${name} reads at most ${Budgets.bundleBytes} bytes to start`, () => {
      const bytes = readBy(name).reduce((sum, file) => sum + statSync(file).size, 0)
      assertTrue(bytes > Budgets.bundleBytes / 2 && bytes <= Budgets.bundleBytes, `${bytes} bytes`)
    })
  }

  for (const [what, [holder, text]] of Object.entries(later)) {
    it(`read ${what} when somebody needs it, not to start`, () => {
      deepStrictEqual(names.flatMap(readBy).filter(holding(text)), [])
      const files = readdirSync(dist(holder)).map((file) => join(dist(holder), file))
      deepStrictEqual(files.filter(holding(text)).length, 1)
    })
  }

  /** What a bundle's own process makes of this, with its program's `script` and a way to read files of the folder. */
  const sayOf = (name: Tier, expression: string, flags = CodeCache.flagsOfImages) => {
    const program = `const { script } = await import("${dist(name)}/main.cjs")
      const importAll = async (files) => (await Promise.all(files.map((file) => import("${dist(name)}/" + file)))).length
      const said = await ${expression}
      process.stdout.write("\\n" + said, () => process.exit(0))`
    const args = [...flags, "--input-type=module", "--eval", program]
    return execFileSync(process.execPath, args, { encoding: "utf8", env: CodeCache.alone }).split("\n").at(-1)
  }

  for (const name of names) {
    it(`${name} finds the modules of its program in all that is read later`, () => {
      ImageFiles.copyData(name, join(folder, name))
      const files = readdirSync(dist(name)).filter((file) => file.endsWith(".mjs"))
      assertTrue(files.length > 5)
      strictEqual(sayOf(name, `importAll(${JSON.stringify(files)})`), String(files.length))
    })
  }

  it("tell IPv6 addresses from names without the expression that Node 20 would compile for it at every start", () => {
    const program = readFileSync(join(dist("cartservice"), "program.js"), "utf8")
    const asked = [
      ...program.matchAll(/(.{0,20}[^!])\(0,net_1\.isIPv6\)\((?:address|hostPort|addressList\[0\])\.host\)/g)
    ]
    assertTrue(asked.length > 3)
    for (const [, before = ""] of asked) assertTrue(before.endsWith('.includes(":")&&'), before)
  })

  it("take what was compiled ahead, and compile it themselves where that is of no use", async () => {
    const name = "recommendationservice"
    strictEqual(sayOf(name, "script.cachedDataRejected"), "undefined")
    await CodeCache.write(dist(name))
    strictEqual(sayOf(name, "script.cachedDataRejected"), "false")
    const [kept = ""] = readdirSync(dist(name)).filter((file) => /^program\.js\../.test(file))
    writeFileSync(join(dist(name), kept), "of another V8")
    strictEqual(sayOf(name, "script.cachedDataRejected"), "true")
  })

  it("are compiled ahead with the flags that images run them with, since V8 refuses what others made", async () => {
    const entryPoint = /^ENTRYPOINT (.+)$/m.exec(readFileSync("deploy/Dockerfile", "utf8"))?.[1] ?? ""
    deepStrictEqual(JSON.parse(entryPoint), ["node", ...CodeCache.flagsOfImages, "dist/main.cjs"])
    const name = "recommendationservice"
    const others = [...CodeCache.flagsOfImages, "--max-semi-space-size=4"]
    await CodeCache.write(dist(name))
    strictEqual(sayOf(name, "script.cachedDataRejected", others), "true")
    await CodeCache.write(dist(name), process.execPath, others)
    strictEqual(sayOf(name, "script.cachedDataRejected", others), "false")
    strictEqual(sayOf(name, "script.cachedDataRejected"), "true")
  })

  it("say so where somebody calls what they leave out", async () => {
    const contents = 'export { getChannelzServiceDefinition as ask } from "@grpc/grpc-js"'
    const outfile = join(folder, "channelz.mjs")
    const options = { ...shared, splitting: false, stdin: { contents, resolveDir: process.cwd() }, outfile }
    await build({ ...options, plugins: [sources()] })
    const { ask } = await import(outfile)
    throws(ask, new Error("loadSync of @grpc/proto-loader is not in this bundle"))
  })
})
