import { describe, it } from "@effect/vitest"
import { assertTrue } from "@effect/vitest/utils"
import { Effect, Runtime } from "effect"
import { setImmediate } from "node:timers/promises"
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import * as Roots from "../src/Roots.ts"

setFlagsFromString("--expose-gc")
const collect = runInNewContext("gc") as (options: { readonly type: "minor" }) => void

const run = Runtime.runFork(Runtime.defaultRuntime)

/** A fiber that has another one for a part of its work, as a page has, and ends in 8 kB. */
const work = Effect.sync(() => {
  run(Effect.void)
  return Array.from({ length: 1000 }).fill(0)
})

const oldBytes = () =>
  getHeapSpaceStatistics().find(({ space_name }) => space_name === "old_space")?.space_used_size ?? 0

/** How many kB the collector of the young generation moves to the old one for each of some thousand such fibers. */
const kept = async (): Promise<number> => {
  const fibers = { inATurn: 50, turns: 60 }
  const before = oldBytes()
  for (let turn = 0; turn < fibers.turns; turn++) {
    for (let fiber = 0; fiber < fibers.inATurn; fiber++) run(work)
    await setImmediate()
    collect({ type: "minor" })
  }
  return (oldBytes() - before) / 1024 / (fibers.turns * fibers.inATurn)
}

describe("fibers that ended", () => {
  it("are collected while they are young, once Effect keeps no list of them", async () => {
    const listed = await kept()
    Roots.forget()
    const unlisted = await kept()
    assertTrue(listed > 0.3 && unlisted < 0.05, `${listed} kB of each with a list, ${unlisted} without`)
  })
})
