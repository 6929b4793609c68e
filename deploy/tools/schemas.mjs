// Holds manifests against the schemas of Kubernetes, Istio and the Gateway API. Reads a JSON array of them on standard
// input, and writes one of what is wrong: [{ "index": 0, "problem": "…" }].
import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const here = fileURLToPath(new URL(".", import.meta.url))
const compiler = fileURLToPath(new URL("../../node_modules/.bin/tsc", import.meta.url))

/** The module that has the model of an apiVersion. */
const moduleOf = (apiVersion) => {
  const [group, version] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion]
  if (group.endsWith("istio.io")) return `@kubernetes-models/istio/${group}/${version}`
  if (group === "gateway.networking.k8s.io") return `@kubernetes-models/gateway-api/${group}/${version}`
  return `kubernetes-models/${group === "" ? "" : `${group}/`}${version}`
}

/** Wrong types, values out of range and missing fields, by the model's own check; undefined where there are none. */
const invalid = async ({ apiVersion, kind, ...rest }) => {
  const models = await import(moduleOf(apiVersion)).catch(() => ({}))
  if (models[kind] === undefined) return `no schema for ${apiVersion} ${kind}`
  try {
    new models[kind]({ apiVersion, kind, ...rest }).validate()
    return undefined
  } catch (error) {
    return error.message
  }
}

/** Unknown keys, which the models let pass: each manifest as a literal of its type, given to the compiler. */
const unknownKeys = (manifests) => {
  const folder = mkdtempSync(`${here}.literals-`)
  try {
    const lines = manifests.map(
      (manifest, n) =>
        `export const m${n}: import("${moduleOf(manifest.apiVersion)}").I${manifest.kind} = ${JSON.stringify(manifest)}`
    )
    writeFileSync(`${folder}/package.json`, '{ "type": "module" }')
    writeFileSync(`${folder}/manifests.ts`, `${lines.join("\n")}\n`)
    const compilerOptions = { noEmit: true, strict: true, skipLibCheck: true, module: "nodenext", types: [] }
    writeFileSync(`${folder}/tsconfig.json`, JSON.stringify({ compilerOptions, files: ["manifests.ts"] }))
    const { error, stdout } = spawnSync(compiler, ["--pretty", "false"], { cwd: folder, encoding: "utf8" })
    if (error !== undefined) throw error
    if (stdout !== "" && !/^manifests\.ts\(/m.test(stdout)) throw new Error(stdout)
    return stdout.split("\n").flatMap((line) => {
      const [, place, problem] = /^manifests\.ts\((\d+),\d+\): error \w+: (.*)/.exec(line) ?? []
      return place === undefined ? [] : [{ index: Number(place) - 1, problem }]
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const manifests = JSON.parse(readFileSync(0, "utf8"))
const checked = await Promise.all(manifests.map(invalid))
const found = checked.flatMap((problem, index) => (problem === undefined ? [] : [{ index, problem }]))
const known = manifests.flatMap((manifest, index) =>
  checked[index]?.startsWith("no schema") ? [] : [{ index, manifest }]
)
const typed = unknownKeys(known.map(({ manifest }) => manifest))
process.stdout.write(
  JSON.stringify([...found, ...typed.map(({ index, problem }) => ({ index: known[index].index, problem }))])
)
