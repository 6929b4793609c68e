import { readdirSync, readFileSync } from "node:fs"
import type { Inputs } from "./Bundle.ts"

/** The licences of the packages that these files are of, one below the other; throws where a package names none. */
export const of = (inputs: Inputs): string => {
  const folders = new Set(inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []))
  return [...folders]
    .sort((a, b) => a.localeCompare(b))
    .map(section)
    .join("\n")
}

const section = (folder: string): string => {
  const { license, name, version } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"))
  const texts = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
    .map((file) => readFileSync(`${folder}/${file}`, "utf8").trim())
  if (texts.length === 0 && typeof license !== "string") throw new Error(`${folder} names no licence`)
  return `${"=".repeat(80)}\n${name} ${version} (${license})\n\n${texts.join("\n\n")}\n`
}
