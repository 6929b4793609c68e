import { strictEqual } from "@effect/vitest/utils"
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { availableParallelism } from "node:os"
import { afterEach, describe, it } from "vitest"
import * as Bystanders from "../bench/programs/Bystanders.ts"

// Linux counts it, and nobody else.
describe.skipIf(process.platform !== "linux")("bystanders of a process", () => {
  const children: Array<ChildProcess> = []
  afterEach(() => children.splice(0).forEach((child) => child.kill("SIGKILL")))

  /** One that computes all the time. */
  const busy = async (): Promise<number> => {
    const code = `setTimeout(() => { console.log("busy"); for (;;); }, 100)`
    const child = spawn(process.execPath, ["--eval", code], { stdio: ["ignore", "pipe", "ignore"] })
    children.push(child)
    await once(child.stdout, "data")
    return child.pid ?? 0
  }

  it("are noticed where there are more processes than cores", async () => {
    const noticed = Bystanders.of(await busy())
    for (let more = 0; more < availableParallelism(); more++) await busy()
    const end = performance.now() + 10_000
    let times = 0
    while (times < 3 && performance.now() < end) if (noticed()) times++
    strictEqual(times, 3)
  })

  it("are none where there is no such process", () => {
    strictEqual(Bystanders.of(4_194_305)(), false)
  })
})
