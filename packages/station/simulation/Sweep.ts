import * as Simulation from "./Simulation.ts"
import * as Weather from "./Weather.ts"

/** One run of a sweep: a plain order, and one crash. */
export interface Run {
  readonly title: string
  readonly setting: Simulation.Setting
}

/** The ways an order can go: to its end, refused by the issuer, refused by the carrier after the charge. */
const paths = [
  { name: "success", poor: false, striking: 0 },
  { name: "decline", poor: true, striking: 0 },
  { name: "shipping failure", poor: false, striking: 1 }
] as const

/** How long the carrier is on strike on that path, in milliseconds: longer than a lease and a shopper's first patience. */
const strike = 20_000

/** Puts a crash before and after every operation that an order takes, on every path: the kinds that are wanted there. */
export const runs = (wanted: (operation: string) => ReadonlyArray<Weather.CrashFault>): ReadonlyArray<Run> =>
  paths.flatMap(({ name, poor, striking }) => {
    const weather = { ...Weather.calm, striking, until: striking === 0 ? 0 : strike }
    const calm = { seed: 1, plain: { poor }, weather }
    return Simulation.run(calm).operations.flatMap((where, operation) =>
      wanted(where).map((how) => ({
        title: `${name}, ${how} operation ${operation}: ${where}`,
        setting: { ...calm, weather: { ...weather, crash: { operation, how } } }
      }))
    )
  })
