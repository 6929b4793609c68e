import { describe, it } from "@effect/vitest"
import { assertTrue } from "@effect/vitest/utils"
import * as Mutants from "../simulation/Mutants.ts"
import * as RegressionSeeds from "../simulation/RegressionSeeds.ts"

/** No mutant survives that many seeds. */
const bound = 150

describe("the simulation catches a shop that", { timeout: 120_000 }, () => {
  for (const mutant of Mutants.all) {
    it(mutant.name, ({ task }) => {
      const caught = Mutants.hunt(mutant, RegressionSeeds.all, bound)
      assertTrue(caught !== undefined, `${mutant.name} survived ${bound} seeds`)
      task.meta.note = `caught by seed ${caught?.seed}: ${caught?.violations[0]}`
    })
  }
})
