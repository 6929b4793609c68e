import { existsSync, readdirSync, readFileSync } from "node:fs"

const root = new URL("../../", import.meta.url)

/** The pages that a reader begins with, by their paths. */
export const pages: ReadonlyArray<string> = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  ...readdirSync(new URL("packages", root))
    .map((name) => `packages/${name}/README.md`)
    .filter((path) => existsSync(new URL(path, root))),
  ...readdirSync(new URL("docs", root), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`)
    .sort()
]

/** A file of the repository as text. */
export const read = (path: string): string => readFileSync(new URL(path, root), "utf8")

/** A fenced block of code. */
export interface CodeBlock {
  /** The page and the line of the fence: "docs/swap-a-layer.md:12". */
  readonly at: string
  readonly language: string
  readonly code: string
  /** Where it is taken from, as `<!-- from packages/x/src/Y.ts: name -->` before it says. */
  readonly source: { readonly file: string; readonly name: string } | undefined
  /** Where a reader puts it, as `<!-- into packages/x/src/Y.ts before: text -->` before it says; no text is a new file. */
  readonly target: { readonly file: string; readonly before: string } | undefined
}

const fence =
  /(?:<!-- from (?<file>\S+): (?<name>\S+) -->\n+)?(?:<!-- into (?<target>\S+)(?: before: (?<before>.+))? -->\n+)?(?:<!-- prettier-ignore -->\n)?^```(?<language>\w*)\n(?<code>(?:(?!^```$)[^])*)^```$/gm

/** The fenced blocks of a page. */
export const codeBlocks = (page: string): ReadonlyArray<CodeBlock> => blocksIn(page, read(page))

/** What stands below a heading of a page, up to the next. */
export const below = (page: string, heading: string): string =>
  read(page)
    .split(/^(?=#+ )/m)
    .find((section) => section.replace(/^#+ /, "").startsWith(`${heading}\n`)) ?? ""

/** The fenced blocks below a heading of a page. */
export const codeBlocksBelow = (page: string, heading: string): ReadonlyArray<CodeBlock> =>
  blocksIn(`${page}, ${heading}`, below(page, heading))

const blocksIn = (name: string, text: string): ReadonlyArray<CodeBlock> =>
  Array.from(text.matchAll(fence), ({ 0: all, groups = {}, index }) => {
    const { before = "", code = "", file, language = "", name: shown, target } = groups
    const line = text.slice(0, index + all.indexOf("```")).split("\n").length
    return {
      at: `${name}:${line}`,
      language,
      code,
      source: file === undefined || shown === undefined ? undefined : { file, name: shown },
      target: target === undefined ? undefined : { file: target, before }
    }
  })

/** A page without its fenced blocks. */
export const proseOf = (page: string): string => read(page).replace(fence, "")

/** The targets of a page's links and pictures. */
export const targets = (page: string): ReadonlyArray<string> =>
  Array.from(proseOf(page).matchAll(/\]\(([^()\s]+)\)/g), ([, target = ""]) => target)

/** What a page shows as code inside a line. */
export const spans = (page: string): ReadonlyArray<string> =>
  Array.from(proseOf(page).matchAll(/`([^`\n]+)`/g), ([, span = ""]) => span)

/** The anchors of a page's headings, as GitHub makes them. */
export const anchors = (page: string): ReadonlySet<string> =>
  new Set(
    Array.from(proseOf(page).matchAll(/^#+ (.+)$/gm), ([, heading = ""]) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-")
    )
  )
