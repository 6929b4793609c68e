import { assertTrue } from "@effect/vitest/utils"
import { setImmediate } from "node:timers/promises"
import * as Report from "../simulation/Report.ts"
import * as Simulation from "../simulation/Simulation.ts"

/** Runs the shop as a setting has it, and tells the whole story if a promise is broken. */
export const keeps = async (setting: Simulation.Setting, title?: string) => {
  // A run never waits: without this, the runner would not hear of anything before the last one ends.
  await setImmediate()
  const result = Simulation.run(setting)
  assertTrue(result.violations.length === 0, Report.failure(result, title))
  return result
}
