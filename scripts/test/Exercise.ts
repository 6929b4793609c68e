import { cpSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as Lesson from "../lessons/Lesson.ts"
import { run } from "./Command.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))

/** A copy of what the compiler reads, whose packages find each other and nothing of the original. */
export const copy = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "retro-exercise-"))
  const isRead = (path: string) =>
    /(^|\/)[^./]+$|\.(ts|mjs|json|proto|yaml|lua)$/.test(path) && !/node_modules|\/(static|art)$/.test(path)
  for (const name of ["packages", "proto", "scripts/docs", "scripts/codegen.mjs", "package.json", "buf.gen.yaml"]) {
    cpSync(join(root, name), join(folder, name), { recursive: true, filter: isRead })
  }
  const tsconfig = {
    extends: join(root, "tsconfig.json"),
    include: ["packages/*/src", "packages/station/test/docs", "scripts/docs"]
  }
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(tsconfig))
  mkdirSync(join(folder, "node_modules/@retro"), { recursive: true })
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (name !== "@retro") symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name))
  }
  for (const name of readdirSync(join(folder, "packages"))) {
    symlinkSync(join(folder, "packages", name), join(folder, "node_modules/@retro", name))
  }
  return folder
}

/** The files of a copy in which the compiler finds something wrong. */
export const asked = async (folder: string): Promise<ReadonlyArray<string>> => {
  // Checks again only what a change may concern: what it knows is kept in the copy.
  const { stdout } = await run(folder, "tsc", "--noEmit", "--pretty", "false", "--incremental")
  return Lesson.asked(stdout)
}
