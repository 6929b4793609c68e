import { existsSync, readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../../", import.meta.url))

/** A test, or a group of tests, that guards against a defect or keeps a rule. */
export interface Guard {
  /** Which one: D4 is a defect, R4 a rule of checkout. */
  readonly mark: string
  /** The title, without the marks before it. */
  readonly title: string
  /** From the root of the repository. */
  readonly file: string
}

/** Every guard that stands in a test: `it("D5, R4: the law", …)`, in whatever way the title is given. */
export const all = (): ReadonlyArray<Guard> => testFiles().flatMap(guardsIn)

const title = /(["'`])(?<marks>[DR]\d+(?:, [DR]\d+)*): (?<title>(?:(?!\1)[^\n\\]|\\.)+)\1/g

const guardsIn = (file: string): ReadonlyArray<Guard> =>
  Array.from(readFileSync(root + file, "utf8").matchAll(title), ({ groups = {} }) =>
    (groups["marks"] ?? "").split(", ").map((mark) => ({ mark, title: groups["title"] ?? "", file }))
  ).flat()

const testFiles = (): ReadonlyArray<string> =>
  [...readdirSync(`${root}packages`).map((name) => `packages/${name}/test`), "scripts/test"]
    .filter((folder) => existsSync(root + folder))
    .flatMap((folder) =>
      readdirSync(root + folder, { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".ts"))
        .map((name) => `${folder}/${name}`)
        .sort()
    )
