// Writes the parts of docs/ that follow from the contracts. With --check it writes nothing and names the files that are
// not what they make.
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import * as Generated from "./Generated.ts"

const files = await Generated.files()

if (process.argv.includes("--check")) {
  const drifting = [...files].filter(([path, text]) => !existsSync(path) || readFileSync(path, "utf8") !== text)
  if (drifting.length > 0) {
    console.error(
      `Not what the contracts make. Run \`npm run docs\`:\n  ${drifting.map(([path]) => path).join("\n  ")}`
    )
    process.exitCode = 1
  } else console.log(`${files.size} files are what the contracts make`)
} else for (const [path, text] of files) writeFileSync(path, text)
