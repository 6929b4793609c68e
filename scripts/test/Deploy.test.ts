import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { parse, parseAllDocuments } from "yaml"
import * as Builds from "../deploy/Builds.ts"
import { namespace } from "../deploy/Cluster.ts"
import * as Generated from "../deploy/Generated.ts"
import * as Render from "../deploy/Render.ts"
import * as Images from "../deploy/rules/Images.ts"
import * as Rules from "../deploy/Rules.ts"
import * as Skaffold from "../deploy/Skaffold.ts"

const read = (path: string): string => readFileSync(path, "utf8")

describe("images", () => {
  const dockerfiles = ["deploy/Dockerfile", "packages/loadgenerator/Dockerfile"]

  for (const path of dockerfiles) {
    it(`D31: every base of ${path} is pinned by its digest`, () => {
      const text = read(path)
      const defaults = new Map(
        Array.from(text.matchAll(/^ARG (\w+)=(\S+)/gm), ([, name = "", value = ""]) => [name, value])
      )
      const bases = Array.from(text.matchAll(/^FROM (?:--\S+ )?(\S+)/gm), ([, base = ""]) =>
        base.replace(/^\$\{(\w+)\}$/, (all, name: string) => defaults.get(name) ?? all)
      )
      assertTrue(bases.length > 0)
      deepStrictEqual(
        bases.filter((base) => !Images.isPinned(base)),
        []
      )
    })

    it(`D31: ${path} downloads only what a lock file names with its hash`, () => {
      const steps =
        read(path)
          .replaceAll("\\\n", " ")
          .match(/^(RUN|ADD) .*/gm) ?? []
      const downloads = steps.filter((step) => /^ADD|\b(apt|apt-get|apk|curl|wget|npm|npx|pip|pip3|git)\b/.test(step))
      deepStrictEqual(
        downloads.filter((step) => !/^RUN (npm ci --ignore-scripts|pip install .*--require-hashes)\b/.test(step)),
        []
      )
    })
  }

  it("D31: every package of the load generator has a version and hashes", () => {
    const packages = read("packages/loadgenerator/requirements.txt").split(/\n(?=\S)/)
    assertTrue(packages.length > 10)
    deepStrictEqual(
      packages.filter((text) => !/^[\w.-]+==\S+( \\\n {4}--hash=sha256:[0-9a-f]{64})+\n?$/.test(text)),
      []
    )
  })

  it("skaffold.yaml and compose.yaml build what is deployed", () => {
    deepStrictEqual(Builds.check(), [])
  })
})

describe("the workflows", () => {
  const folder = ".github/workflows"
  const texts = readdirSync(folder).map((file) => read(`${folder}/${file}`))

  it("D31: take every action by its commit, with its version beside it", () => {
    const actions = texts.flatMap((text) => [...text.matchAll(/\buses: (.*)/g)].map(([, action = ""]) => action))
    assertTrue(actions.length > 5)
    deepStrictEqual(
      actions.filter((action) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action)),
      []
    )
  })

  it("build every image, and run what there is", () => {
    const { jobs } = parse(read(`${folder}/images.yaml`))
    const services: ReadonlyArray<string> = jobs.build.strategy.matrix.service
    deepStrictEqual(new Set(services.map((service) => `retro-station/${service}`)), Images.own)

    const { scripts } = JSON.parse(read("package.json"))
    const commands = texts.flatMap((text) =>
      [...text.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, name = ""]) => name)
    )
    const paths = texts.flatMap((text) =>
      [...text.matchAll(/\b(?:bash|file:|context:) ([\w./-]+)/g)].map(([, path = ""]) => path)
    )
    const modules = texts.flatMap((text) => [...text.matchAll(/skaffold \w+ -m (\S+)/g)].map(([, name = ""]) => name))
    assertTrue(paths.includes(".ci/run") && modules.length > 1)
    deepStrictEqual(
      [
        ...commands.filter((name) => !(name in scripts)),
        ...paths.filter((path) => !existsSync(path)),
        ...modules.filter((name) => !read("skaffold.yaml").includes(`  name: ${name}\n`))
      ],
      []
    )
  })
})

it("refuses a skaffold.yaml with a key that Skaffold does not know", () => {
  const [document] = parseAllDocuments(read("skaffold.yaml"))
  const good = document?.toJS()
  deepStrictEqual(Skaffold.problems(good), [])
  assertTrue(
    Skaffold.problems({ ...good, portForwards: [] })
      .join()
      .includes("portForwards")
  )
  assertTrue(
    Skaffold.problems({ ...good, build: { ...good.build, artefacts: [] } })
      .join()
      .includes("artefacts")
  )
})

it("the files in deploy/ are what the service graph makes", () => {
  deepStrictEqual(
    [...Generated.files()].filter(([path, text]) => !existsSync(path) || read(path) !== text).map(([path]) => path),
    []
  )
})

// Skipped on machines without kubectl; where REQUIRE_ALL is set a skip fails.
const needsKustomize = Render.program === undefined ? it.skip : it
const overlay = (name: string) => Render.render({ resource: `deploy/kubernetes/overlays/${name}` })

describe("what a cluster is given", () => {
  needsKustomize(`D32: nothing runs as root, without limits, or beyond the service graph (needs kubectl)`, () => {
    for (const name of ["local-istio", "production-like"]) deepStrictEqual(Rules.check(overlay(name)), [])
  })

  needsKustomize("D32: with and without a mesh, what is not allowed is denied (needs kubectl)", () => {
    const policies = overlay("production-like").filter(({ kind }) => kind === "NetworkPolicy")
    const denial = policies.find(({ metadata }) => metadata.name === "deny-all")
    deepStrictEqual(denial?.["spec"], { podSelector: {}, policyTypes: ["Ingress", "Egress"] })

    const mesh = overlay("local-istio")
    const ofKind = (wanted: string) => mesh.filter(({ kind }) => kind === wanted)
    deepStrictEqual(ofKind("AuthorizationPolicy").find(({ metadata }) => metadata.name === "deny-all")?.["spec"], {})
    deepStrictEqual(
      ofKind("PeerAuthentication").map(({ metadata, spec }) => [metadata.namespace, spec]),
      [[namespace, { mtls: { mode: "STRICT" } }]]
    )
  })
})

describe("docs/development-guide.md", () => {
  const guide = read("docs/development-guide.md")
  const commands = Array.from(guide.matchAll(/```sh\n([\s\S]*?)```/g), ([, block = ""]) => block).join("\n")
  const named = (pattern: RegExp): ReadonlyArray<string> =>
    Array.from(commands.matchAll(pattern), ([, name = ""]) => name)

  it("names paths, modules, profiles and pods that there are", () => {
    const skaffold = read("skaffold.yaml")
    const has = (key: string, name: string) => new RegExp(`^ +(- )?${key}: ${name}$`, "m").test(skaffold)
    const paths = named(/ -[fk] (\S+)/g)
    const tiers = named(/deployment\/(\w+)/g)
    assertTrue(paths.length > 3 && tiers.length > 1)
    deepStrictEqual(
      [
        ...paths.filter((path) => !existsSync(path)),
        ...named(/ -m (\S+)/g).filter((name) => !has("name", name)),
        ...named(/skaffold .* -p (\S+)/g).filter((name) => !has("name", name)),
        ...tiers.filter((tier) => !existsSync(`deploy/kubernetes/base/${tier}.yaml`)),
        ...named(/ -n (\S+)/g).filter((name) => name !== namespace && name !== "istio-system")
      ],
      []
    )
  })

  it("tells of every component", () => {
    const components = readdirSync("deploy/kubernetes/components")
    deepStrictEqual(
      components.filter((name) => !guide.includes(`| \`${name}\``)),
      []
    )
  })

  it("tells what was measured, and the requests and limits that follow from it and the manifests have", () => {
    const row =
      /^\| (\w+) +\| \d+ MB +\| (\d+) MB +\| (\d+) MB +\| (\d+) m +\| (\d+) m +\| (\d+) Mi +\| (\d+) Mi +\|$/gm
    const rows = Array.from(guide.matchAll(row), ([, tier = "", ...figures]) => ({
      tier,
      figures: figures.map(Number)
    }))
    deepStrictEqual(rows.length, 9)
    for (const { figures, tier } of rows) {
      const [own = 0, most = 0, taken = 0, cpu = 0, request = 0, limit = 0] = figures
      const resources = `requests: { cpu: ${cpu}m, memory: ${request}Mi }\n            limits: { cpu: "1", memory: ${limit}Mi }`
      assertTrue(read(`deploy/kubernetes/base/${tier}.yaml`).includes(resources), tier)
      assertTrue(cpu >= taken * 1.1 && request > own && limit > most, `${tier} may need more than it asks for`)
    }
  })
})
