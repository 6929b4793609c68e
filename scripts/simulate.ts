// Runs the whole shop in a simulated world, seed after seed: `npm run simulate -- --seeds 5000 --from 1`. A seed decides
// who buys what, what fails and when (packages/station/simulation); a failing one is printed with all that happened.
// `--sweep` puts each kind of crash at every operation of a plain order first; `--mutants` hunts the known mistakes
// instead and names the seeds that catch them.
import { parseArgs } from "node:util"
import * as Hunt from "../packages/station/simulation/Hunt.ts"
import * as Mutants from "../packages/station/simulation/Mutants.ts"
import * as RegressionSeeds from "../packages/station/simulation/RegressionSeeds.ts"
import * as Report from "../packages/station/simulation/Report.ts"
import * as Simulation from "../packages/station/simulation/Simulation.ts"
import * as Sweep from "../packages/station/simulation/Sweep.ts"
import * as Weather from "../packages/station/simulation/Weather.ts"
import * as Progress from "./bench/Progress.ts"

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "1000" },
    from: { type: "string", default: "1" },
    sweep: { type: "boolean", default: false },
    mutants: { type: "boolean", default: false }
  }
})

const [seeds, from] = [values.seeds, values.from].map((text) => {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  console.error(`${text} is no number of seeds`)
  return process.exit(2)
}) as [number, number]

const hunt = () => {
  for (const mutant of Mutants.all) {
    Progress.say(mutant.name)
    const caught = Hunt.hunt(mutant)
    Progress.clear()
    console.log(
      caught === undefined
        ? `${mutant.name}: survives ${Hunt.bound} seeds`
        : `${mutant.name}: seed ${caught.seed} catches it: ${caught.violations[0]}`
    )
    if (caught === undefined) process.exitCode = 1
  }
}

const runs: ReadonlyArray<Sweep.Run> = [
  ...RegressionSeeds.all.map(({ seed }) => ({
    title: `kept seed ${seed}`,
    setting: { seed, weather: Weather.rough }
  })),
  ...(values.sweep ? Sweep.runs(() => Weather.crashFaults) : []),
  ...Array.from({ length: seeds }, (_, index) => ({ title: `seed ${from + index}`, setting: { seed: from + index } }))
]

/** How many failures are printed whole. */
const shown = 3

const simulate = () => {
  const began = performance.now()
  let totals = Report.none
  let said = began
  for (const { setting, title } of runs) {
    const result = Simulation.run(setting)
    totals = Report.add(totals, result)
    if (result.violations.length > 0) {
      Progress.clear()
      console.log(totals.failed.length <= shown ? Report.failure(result, title) : `${title} fails too`)
    }
    const now = performance.now()
    if (now - said < (process.stderr.isTTY ? 200 : 5000)) continue
    said = now
    const perSecond = (totals.runs * 1000) / (now - began)
    const left = Math.round((runs.length - totals.runs) / perSecond)
    Progress.say(
      `${totals.runs} of ${runs.length} runs, ${totals.failed.length} failed, ${perSecond.toFixed(1)}/s, ${left} s left`
    )
  }
  Progress.clear()
  console.log(Report.summary(totals))
  if (totals.failed.length > 0) process.exitCode = 1
}

if (values.mutants) hunt()
else simulate()
