// Writes what follows from the service graph. With --check it writes nothing and names the files that are not what it makes.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"
import * as Generated from "./Generated.ts"

const files = Generated.files()

/** Files that a folder of generated ones should not hold. */
const strays = Generated.folders
  .filter((folder) => existsSync(folder))
  .flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`))
  .filter((path) => !files.has(path))

if (process.argv.includes("--check")) {
  const differing = [...files].filter(([path, text]) => !existsSync(path) || readFileSync(path, "utf8") !== text)
  const drifting = [...differing.map(([path]) => path), ...strays]
  if (drifting.length > 0) {
    console.error(`Not what the service graph makes. Run \`npm run deploy:generate\`:\n  ${drifting.join("\n  ")}`)
    process.exit(1)
  }
  console.log(`${files.size} files are what the service graph makes`)
} else {
  for (const [path, text] of files) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  for (const path of strays) console.warn(`${path} is not generated: remove it`)
}
