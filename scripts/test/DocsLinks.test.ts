import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { existsSync, readdirSync } from "node:fs"
import { dirname, join, normalize } from "node:path"
import { fileURLToPath } from "node:url"
import * as Markdown from "../docs/Markdown.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const commands: ReadonlySet<string> = new Set(Object.keys(JSON.parse(Markdown.read("package.json")).scripts))

const isThere = (path: string): boolean => existsSync(join(root, path))

/** A link to another page, to a heading, or both. */
const leads = (page: string, target: string): boolean => {
  const [path = "", anchor] = target.split("#")
  const file = path === "" ? page : normalize(join(dirname(page), path))
  if (!isThere(file)) return false
  return anchor === undefined || !file.endsWith(".md") || Markdown.anchors(file).has(anchor)
}

/** What reads as a path of the repository: from its root, from packages/, or from the page's own folder. */
const pathLike = /^(?:[\w.@-]+\/)+(?:[\w.@-]+\.(?:ts|mjs|js|json|md|proto|yaml|yml|sh|svg|binpb)|\*\.proto)$/
const folderLike = /^(?:packages|docs|scripts|proto|deploy)(?:\/[\w.-]+)+\/?$/

const names = (page: string, span: string): boolean => {
  const path = span.replace(/\/\*\.\w+$/, "")
  return [path, join("packages", path), join(dirname(page), path)].some(isThere)
}

const sources = readdirSync(join(root, "packages"))
  .map((name) => `packages/${name}/src`)
  .filter(isThere)

/** "Carrier.layerMock": exported under this name by a module of that name. */
const isLayer = (module: string, name: string): boolean =>
  sources
    .map((folder) => `${folder}/${module}.ts`)
    .some((file) => isThere(file) && new RegExp(`\\b(const|readonly) ${name}\\b`).test(Markdown.read(file)))

const commandsIn = (text: string): ReadonlyArray<string> => [
  ...Array.from(text.matchAll(/\bnpm run (?:--silent )?([\w:-]+)/g), ([, name = ""]) => name),
  ...Array.from(text.matchAll(/\bnpm (start|test)\b/g), ([, name = ""]) => name)
]

describe("each package says what it is and what may be touched there", () => {
  for (const name of readdirSync(join(root, "packages"))) {
    it(name, () => assertTrue(Markdown.pages.includes(`packages/${name}/README.md`)))
  }
})

describe.each(Markdown.pages)("%s", (page) => {
  it("links to files and headings that exist", () =>
    deepStrictEqual(
      Markdown.targets(page).filter((target) => !/^[a-z]+:/.test(target) && !leads(page, target)),
      []
    ))

  it("names paths that exist", () =>
    deepStrictEqual(
      Markdown.spans(page).filter((span) => (pathLike.test(span) || folderLike.test(span)) && !names(page, span)),
      []
    ))

  it("names layers that exist", () =>
    deepStrictEqual(
      Markdown.spans(page).filter((span) => {
        const [, module, name] = /^([A-Z]\w+)\.(layer\w*)$/.exec(span) ?? []
        return module !== undefined && name !== undefined && !isLayer(module, name)
      }),
      []
    ))

  it("tells commands that package.json has", () =>
    deepStrictEqual(
      commandsIn(Markdown.read(page)).filter((command) => !commands.has(command)),
      []
    ))
})

it("CONTRIBUTING.md tells every command there is", () => {
  const told = new Set(commandsIn(Markdown.read("CONTRIBUTING.md")))
  // What npm itself runs before another one is told with that one.
  const own = [...commands].filter((name) => !(name.startsWith("pre") && commands.has(name.slice("pre".length))))
  deepStrictEqual(
    own.filter((name) => !told.has(name)),
    []
  )
})
