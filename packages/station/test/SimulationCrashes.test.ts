import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue } from "@effect/vitest/utils"
import * as Sweep from "../simulation/Sweep.ts"
import * as Weather from "../simulation/Weather.ts"
import { keeps } from "./Promises.ts"

const timeout = 120_000

describe("one order and one crash", { timeout }, () => {
  const crashes = Sweep.runs((operation) => (operation.startsWith("journal") ? Weather.crashFaults : ["killed after"]))

  for (const how of Weather.crashFaults) {
    const runs = crashes.filter(({ setting }) => setting.weather?.crash?.how === how)
    it(`keeps the promises when a process is ${how} each operation that it can be`, async () => {
      assertTrue(runs.length > 0)
      for (const { setting, title } of runs) {
        const { trace } = await keeps(setting, title)
        assertEquals(trace.faults.get(how), 1)
      }
    })
  }
})
