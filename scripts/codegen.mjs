// Writes packages/contract/src/generated: messages and service definitions by ts-proto, and the descriptors that server reflection serves.
import { execFileSync } from "node:child_process"
import { writeFileSync } from "node:fs"

const buf = (...args) =>
  execFileSync("npx", ["--no", "buf", ...args], { stdio: ["ignore", "pipe", "inherit"], maxBuffer: 1e8 })

buf("generate", "proto")
const descriptors = buf("build", "proto", "--exclude-source-info", "--as-file-descriptor-set", "-o", "-")
writeFileSync(
  "packages/contract/src/generated/descriptors.ts",
  `/* Written by scripts/codegen.mjs. Do not edit. */

/** A google.protobuf.FileDescriptorSet of everything in proto/, in base64. */
export const descriptors =
  "${descriptors.toString("base64")}"
`
)
console.log("packages/contract/src/generated is up to date")
