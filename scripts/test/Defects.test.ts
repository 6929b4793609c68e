import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { execFileSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import * as CheckoutRules from "../docs/CheckoutRules.ts"
import * as Copies from "../docs/Copies.ts"
import * as Defects from "../docs/Defects.ts"
import * as Guards from "../docs/Guards.ts"

const root = fileURLToPath(new URL("../../", import.meta.url))
const guards = Guards.all()

for (const [letter, what, sentences] of [
  ["D", "defect of the forebears", Defects.defects],
  ["R", "rule of checkout", CheckoutRules.rules]
] as const) {
  describe(`each ${what} has a test named after it`, () => {
    for (const [number, sentence] of Object.entries(sentences)) {
      it(`${letter}${number} (${sentence})`, () => assertTrue(guards.some(({ mark }) => mark === `${letter}${number}`)))
    }

    it("and no test is named after one that is not on the list", () =>
      deepStrictEqual(
        guards.filter(({ mark }) => mark.startsWith(letter) && sentences[Number(mark.slice(1))] === undefined),
        []
      ))
  })
}

/** What git tracks, or would: a build's output is a copy by intention. */
const tracked = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8"
}).split("\n")

const read = (file: string): string => readFileSync(root + file, "utf8")

const programs = tracked.filter(
  (file) => /^packages\/[^/]+\/(main|src\/.*)\.ts$/.test(file) && !file.includes("/generated/")
)

const declaredIn = (declaration: RegExp): ReadonlyArray<string> =>
  programs.filter((file) => declaration.test(read(file)))

/** What others define, for tests that read what we send them. */
const foreign = "packages/process/test/otlp/opentelemetry/"

describe("D35: one copy", () => {
  it("D35: of each proto of ours, but for the original that old clients are tested with", () =>
    deepStrictEqual(
      tracked.filter((file) => file.endsWith(".proto") && !file.startsWith("proto/") && !file.startsWith(foreign)),
      ["packages/station/test/original/demo.proto"]
    ))

  it("D35: of money, health, the ways to be reached, and starting a process", () => {
    deepStrictEqual(declaredIn(/^export (class|interface|type) Money\b/m), ["packages/domain/src/Money.ts"])
    deepStrictEqual(declaredIn(/\bnew grpc\.Server\(/), ["packages/grpc/src/GrpcServer.ts"])
    deepStrictEqual(declaredIn(/\bnew grpc\.Client\(/), ["packages/grpc/src/GrpcClient.ts"])
    deepStrictEqual(declaredIn(/\bEffect\.run(Fork|Promise|Sync)\(|\bRuntime\.defaultRuntime\b/), [
      "packages/process/src/Process.ts"
    ])
    deepStrictEqual(declaredIn(/\bprocess\.env\b/), ["packages/process/src/Environment.ts"])
  })

  it("D35: of any eight lines of code that two packages have", () => {
    const sources = programs.map((file) => ({ file, owner: file.split("/")[1] ?? "", text: read(file) }))
    deepStrictEqual(Copies.find(sources, 8), [])
  })

  it("finds a copy where there is one", () => {
    const text = Array.from({ length: 8 }, (_, line) => `const line${line} = ${line}`).join("\n")
    const [copy] = Copies.find(
      [
        { file: "a.ts", owner: "a", text },
        { file: "b.ts", owner: "b", text: `// its own\n\n${text}` }
      ],
      8
    )
    deepStrictEqual(copy?.files, ["a.ts", "b.ts"])
  })
})
