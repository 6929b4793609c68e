import { describe, it } from "@effect/vitest"
import { assertTrue } from "@effect/vitest/utils"
import { setImmediate } from "node:timers/promises"
import * as Hunt from "../simulation/Hunt.ts"
import * as Mutants from "../simulation/Mutants.ts"

describe("the simulation catches", { timeout: 120_000 }, () => {
  for (const mutant of Mutants.all) {
    it(mutant.name, async () => {
      await setImmediate()
      const caught = Hunt.hunt(mutant)
      assertTrue(caught !== undefined, `${mutant.name}: no seed of ${Hunt.bound} catches it`)
      console.log(`${mutant.name}: seed ${caught?.seed} catches it: ${caught?.violations[0]}`)
    })
  }
})
