import type { Mutant } from "./Mutant.ts"
import * as RegressionSeeds from "./RegressionSeeds.ts"
import * as Simulation from "./Simulation.ts"
import * as Weather from "./Weather.ts"

/** No mutant survives that many seeds. */
export const bound = 200

/** The first run that catches a mutant: a kept seed that did before, else one of the first {@link bound}; none if it survives. */
export const hunt = (mutant: Mutant): Simulation.Result | undefined => {
  const kept = RegressionSeeds.all.filter(({ found }) => found === mutant.name).map(({ seed }) => seed)
  const fresh = Array.from({ length: bound }, (_, index) => index + 1)
  for (const seed of [...kept, ...fresh]) {
    const result = Simulation.run({ seed, mutant, weather: Weather.rough })
    if (result.violations.length > 0) return result
  }
  return undefined
}
