// Writes packages/contract/src/generated: messages and service definitions by ts-proto, and the descriptors that server
// reflection serves. With --check it writes nothing and names the files that are not what proto/ makes.
import { execFileSync } from "node:child_process"
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const folder = "packages/contract/src/generated"

const buf = (...args) =>
  execFileSync(join(root, "node_modules/.bin/buf"), args, {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 1e8
  })

/** Everything that proto/ makes, below `base`. */
const generate = (base) => {
  buf("generate", "proto", "--output", base)
  const descriptors = buf("build", "proto", "--exclude-source-info", "--as-file-descriptor-set", "-o", "-")
  writeFileSync(
    join(base, folder, "descriptors.ts"),
    `/* Written by scripts/codegen.mjs. Do not edit. */

/** A google.protobuf.FileDescriptorSet of everything in proto/, in base64. */
export const descriptors =
  "${descriptors.toString("base64")}"
`
  )
}

const filesIn = (base) =>
  readdirSync(join(base, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(base.length + (base.endsWith("/") ? 0 : 1)))

const contentOf = (file) => (existsSync(file) ? readFileSync(file, "utf8") : undefined)

const check = () => {
  const fresh = mkdtempSync(join(tmpdir(), "retro-codegen-"))
  try {
    generate(fresh)
    const drifting = [...new Set([...filesIn(fresh), ...filesIn(root)])]
      .filter((file) => contentOf(join(fresh, file)) !== contentOf(join(root, file)))
      .sort((a, b) => a.localeCompare(b))
    if (drifting.length === 0) return console.log(`${folder} is what proto/ makes`)
    console.error(`Not what proto/ makes. Run \`npm run codegen\` and commit:\n  ${drifting.join("\n  ")}`)
    process.exitCode = 1
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

if (process.argv.includes("--check")) check()
else generate(root)
