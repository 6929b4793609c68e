import { describe, it } from "@effect/vitest"
import { assertEquals, deepStrictEqual } from "@effect/vitest/utils"
import * as RegressionSeeds from "../simulation/RegressionSeeds.ts"
import * as Simulation from "../simulation/Simulation.ts"
import * as Weather from "../simulation/Weather.ts"
import { keeps } from "./Promises.ts"

const [seeds, atOnce] = [200, 20]

const timeout = 120_000

describe("the shop in a simulated world", { timeout }, () => {
  for (const { found, seed } of RegressionSeeds.all) {
    it(`keeps its promises with seed ${seed}, which finds: ${found}`, async () => {
      await keeps({ seed, weather: Weather.rough })
    })
  }

  it("keeps its promises when nothing goes wrong, and every order that is answered is one", async () => {
    for (let seed = 1; seed <= 5; seed++) {
      const { trace } = await keeps({ seed, weather: Weather.calm })
      deepStrictEqual([...trace.faults], [])
    }
  })

  for (let first = 1; first <= seeds; first += atOnce) {
    it(`keeps its promises with the seeds ${first} to ${first + atOnce - 1}`, async () => {
      for (let seed = first; seed < first + atOnce; seed++) await keeps({ seed })
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
