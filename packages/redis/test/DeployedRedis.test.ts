import { describe, it } from "@effect/vitest"
import { deepStrictEqual } from "@effect/vitest/utils"
import { readFileSync } from "node:fs"
import { parse, parseAllDocuments } from "yaml"

const read = (path: string) => readFileSync(new URL(`../../../deploy/${path}`, import.meta.url), "utf8")

/** The command line of the Redis that a deployment starts. */
const deployed: ReadonlyArray<readonly [string, () => ReadonlyArray<string>]> = [
  [
    "kubernetes/base/redis-cart.yaml",
    () =>
      parseAllDocuments(read("kubernetes/base/redis-cart.yaml"))
        .map((document) => document.toJS())
        .filter(({ kind }) => kind === "StatefulSet" || kind === "Deployment")
        .flatMap(({ spec }) => spec.template.spec.containers)
        .flatMap(({ args, command }) => [...command, ...args])
  ],
  ["compose.yaml", () => parse(read("compose.yaml"), { merge: true }).services["redis-cart"].command]
]

describe("the Redis of a deployment", () => {
  for (const [file, command] of deployed) {
    it(`R7: in ${file}, has written what it answered for, and forgets nothing to make room`, () => {
      const words = command()
      const setting = (name: string) => words[words.indexOf(`--${name}`) + 1]
      deepStrictEqual(
        [setting("appendonly"), setting("appendfsync"), setting("maxmemory-policy")],
        ["yes", "always", "noeviction"]
      )
    })
  }
})
