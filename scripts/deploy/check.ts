// Checks everything that is deployed, without a cluster and without a network: that it is what the service graph makes,
// renders, fits the schemas, and keeps our rules; and that the checks themselves refuse what they should.
import { spawnSync } from "node:child_process"
import * as Builds from "./Builds.ts"
import * as Compositions from "./Compositions.ts"
import * as DeliberateErrors from "./DeliberateErrors.ts"
import * as Linters from "./Linters.ts"
import { type Manifest, title } from "./Manifest.ts"
import * as Render from "./Render.ts"
import * as Rules from "./Rules.ts"
import * as Schemas from "./Schemas.ts"

/** Prints a part of the check and what is wrong in it; counts that. */
const report = (part: string, problems: ReadonlyArray<string>): number => {
  console.log(`${problems.length === 0 ? "✓" : "✗"} ${part}`)
  for (const problem of problems) console.error(`  ${problem}`)
  return problems.length
}

if (Render.program === undefined) {
  console.error(Render.advice)
  process.exit(process.env["REQUIRE_ALL"] === "1" ? 1 : 0)
}

Schemas.install()
const drift = spawnSync(process.execPath, ["--import", "tsx", "scripts/deploy/generate.ts", "--check"], {
  encoding: "utf8"
})
let problems = report(
  "the generated files are what the service graph makes",
  drift.status === 0 ? [] : [drift.stderr.trim()]
)

const unique = new Map<string, Manifest>()
for (const composition of Compositions.all()) {
  let found: ReadonlyArray<string>
  try {
    const manifests = Render.render(composition)
    for (const manifest of manifests) unique.set(JSON.stringify(manifest), manifest)
    found = Rules.check(manifests)
  } catch (error) {
    found = [String(error)]
  }
  problems += report(Render.nameOf(composition), found)
}
problems += report(
  "every component is checked",
  Compositions.forgotten().map((name) => `${name} is in no composition of scripts/deploy/Compositions.ts`)
)

const manifests = [...unique.values()]
const findings = Schemas.check(manifests).map(({ index, problem }) => {
  const manifest = manifests[index]
  return `${manifest === undefined ? index : title(manifest)}: ${problem}`
})
problems += report(`${manifests.length} different manifests fit their schemas`, findings)
problems += report("skaffold.yaml and compose.yaml build what is deployed", Builds.check())
for (const linter of Linters.all) {
  const found = Linters.check(linter)
  const isRequired = process.env["REQUIRE_ALL"] === "1"
  const advice = `${linter.name} is not installed: ${linter.howToGet}`
  if (found === "missing" && !isRequired) console.log(`- ${advice}`)
  else problems += report(`${linter.name} ${linter.files.join(" ")}`, found === "missing" ? [advice] : found)
}
problems += report("deliberate errors are refused", DeliberateErrors.check())
process.exit(problems === 0 ? 0 : 1)
