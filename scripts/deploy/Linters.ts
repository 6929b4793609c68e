import { spawnSync } from "node:child_process"
import { delimiter, resolve } from "node:path"

/** A program that reads files of a kind and says what is wrong with them. */
export interface Linter {
  readonly name: string
  readonly args: ReadonlyArray<string>
  /** What it reads, as patterns of git. */
  readonly files: ReadonlyArray<string>
  readonly howToGet: string
}

const byScript = "bash deploy/tools/linters.sh"
const fromDebian = (name: string) => `apt-get install ${name}`

/** Everything that is deployed and is no TypeScript has one. */
export const all: ReadonlyArray<Linter> = [
  { name: "hadolint", args: ["--failure-threshold", "style"], files: ["*Dockerfile"], howToGet: byScript },
  { name: "shellcheck", args: [], files: ["*.sh", ".ci/run"], howToGet: fromDebian("shellcheck") },
  {
    name: "yamllint",
    args: ["--strict", "--config-file", "deploy/tools/yamllint.yaml"],
    files: ["*.yaml", "*.yml"],
    howToGet: fromDebian("yamllint")
  },
  { name: "actionlint", args: [], files: [".github/workflows/*.yaml"], howToGet: byScript },
  { name: "pyflakes3", args: [], files: ["*.py"], howToGet: fromDebian("pyflakes3") }
]

/** Debian's, or what deploy/tools/linters.sh put beside itself. */
const environment = {
  ...process.env,
  PATH: [process.env["PATH"], resolve("deploy/tools/bin")].join(delimiter)
}

/** What a linter says against our files, or `missing` where it is not installed. */
export const check = ({ args, files, name }: Linter): ReadonlyArray<string> | "missing" => {
  const found = filesOf(files)
  if (found.length === 0) return [`there is no ${files.join(" or ")}`]
  const { error, status, stderr, stdout } = spawnSync(name, [...args, ...found], { encoding: "utf8", env: environment })
  if (error !== undefined) return "missing"
  if (status === 0) return []
  return `${stdout}${stderr}`.split("\n").filter((line) => line !== "")
}

const filesOf = (patterns: ReadonlyArray<string>): ReadonlyArray<string> =>
  spawnSync("git", ["ls-files", "--", ...patterns], { encoding: "utf8" })
    .stdout.split("\n")
    .filter((path) => path !== "")
