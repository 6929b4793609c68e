import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import * as RegressionSeeds from "../simulation/RegressionSeeds.ts"
import * as Report from "../simulation/Report.ts"
import * as Simulation from "../simulation/Simulation.ts"
import * as Sweep from "../simulation/Sweep.ts"
import * as Weather from "../simulation/Weather.ts"

const [seeds, atOnce] = [200, 20]

const keeps = (setting: Simulation.Setting, title?: string) => {
  const result = Simulation.run(setting)
  assertTrue(result.violations.length === 0, Report.failure(result, title))
  return result
}

const timeout = 120_000

describe("the shop in a simulated world", { timeout }, () => {
  for (const { found, ...setting } of RegressionSeeds.all) {
    it(`keeps its promises with seed ${setting.seed}, which once found: ${found}`, () => void keeps(setting))
  }

  it("keeps its promises when nothing goes wrong, and every order that is answered is one", () => {
    for (let seed = 1; seed <= 5; seed++) {
      const { trace } = keeps({ seed, weather: Weather.calm })
      deepStrictEqual([...trace.faults], [])
    }
  })

  for (let first = 1; first <= seeds; first += atOnce) {
    it(`keeps its promises with the seeds ${first} to ${first + atOnce - 1}`, () => {
      for (let seed = first; seed < first + atOnce; seed++) keeps({ seed })
    })
  }

  it("does the same again with the same seed, to the last line, and something else with another", () => {
    const traces = [7, 8, 9].map((seed) => Simulation.run({ seed, weather: Weather.rough }).trace)
    for (const [index, { faults, lines, outcomes }] of traces.entries()) {
      const again = Simulation.run({ seed: 7 + index, weather: Weather.rough }).trace
      deepStrictEqual(again.lines, lines)
      deepStrictEqual([again.faults, again.outcomes], [faults, outcomes])
    }
    assertEquals(new Set(traces.map(({ lines }) => lines.join("\n"))).size, traces.length)
  })
})

describe("one order and one crash", { timeout }, () => {
  const crashes = Sweep.runs((operation) => (operation.startsWith("journal") ? Weather.crashFaults : ["killed after"]))

  for (const how of Weather.crashFaults) {
    const runs = crashes.filter(({ setting }) => setting.weather?.crash?.how === how)
    it(`keeps the promises when a process is ${how} each operation that it can be`, () => {
      assertTrue(runs.length > 0)
      for (const { setting, title } of runs) {
        const { trace } = keeps(setting, title)
        assertEquals(trace.faults.get(how), 1)
      }
    })
  }
})
