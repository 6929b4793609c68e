import * as Dice from "./Dice.ts"
import type { VirtualTime } from "./VirtualTime.ts"

/** How bad a run is: each number is the chance of something going wrong in one place once. */
export interface Weather {
  /** No fault comes later than that after the start, in milliseconds. */
  readonly until: number
  /** A call between two services is lost, late, or loses its answer. */
  readonly network: number
  /** A store or an outside party takes its time. */
  readonly slow: number
  /** A store or an outside party does not say whether it did what it was asked. */
  readonly silent: number
  /** The mail server or the cart store says that it does nothing now. */
  readonly refusing: number
  /** The carrier takes no parcel now. */
  readonly striking: number
  /** The issuer declines a card that is good. */
  readonly declining: number
  /** A process is killed, stopped or frozen before or after an operation of a store or an outside party. */
  readonly crashing: number
  /** One crash at a place that was chosen, whatever else happens. */
  readonly crash: Crash | undefined
}

/** A crash at that operation of any store or outside party, counted from 0. */
export interface Crash {
  readonly operation: number
  readonly how: CrashFault
}

/** How a process goes: killed at once (SIGKILL), stopped with time to tidy up (SIGTERM), or frozen past every lease. */
export type CrashFault = (typeof crashFaults)[number]

/** All of them, in both positions where there are two. */
export const crashFaults = [
  "killed before",
  "killed after",
  "stopped before",
  "stopped after",
  "frozen before"
] as const

/** What may happen to an operation of a store or an outside party. */
export type PortFault = CrashFault | "slow" | "silent before" | "silent after" | "refused"

/** What may happen to a call between two services. */
export type NetworkFault = "request lost" | "answer lost" | "request late" | "call slow"

/** Decides what goes wrong. */
export interface Storm {
  readonly dice: Dice.Dice
  readonly atPort: (port: Port) => PortFault | undefined
  readonly onNetwork: () => NetworkFault | undefined
  readonly declines: () => boolean
}

/** Where an operation happens. */
export interface Port {
  /** Whether there is somebody who can crash. */
  readonly process: boolean
  /** How often it says that it does nothing now, where it can say so. */
  readonly refuses: "refusing" | "striking" | undefined
}

/** Nothing goes wrong. */
export const calm: Weather = {
  until: 0,
  network: 0,
  slow: 0,
  silent: 0,
  refusing: 0,
  striking: 0,
  declining: 0,
  crashing: 0,
  crash: undefined
}

/** Everything goes wrong often. */
export const rough: Weather = {
  until: 40_000,
  network: 0.2,
  slow: 0.05,
  silent: 0.05,
  refusing: 0.05,
  striking: 0.3,
  declining: 0.05,
  crashing: 0.05,
  crash: undefined
}

/** The weather of a seed: each fourth is rough, others have one kind of fault, some or none. */
export const of = (seed: number): Weather => {
  if (seed % 4 === 0) return rough
  const dice = Dice.make(seed, "weather")
  return {
    until: dice.between(5, 40) * 1000,
    network: dice.pick(0, 0.03, 0.1, 0.25),
    slow: dice.pick(0, 0.05, 0.2),
    silent: dice.pick(0, 0.02, 0.08),
    refusing: dice.pick(0, 0, 0.05, 0.3),
    striking: dice.pick(0, 0, 0.2, 0.9),
    declining: dice.pick(0, 0, 0.2),
    crashing: dice.pick(0, 0.01, 0.03, 0.06),
    crash: undefined
  }
}

/** As many crashes a run has at most: a journal is parked after a dozen attempts, and an operator is no part of this. */
const mostCrashes = 7

/** The storm of this weather. */
export const brew = (seed: number, weather: Weather, time: VirtualTime): Storm => {
  const dice = Dice.make(seed, "faults")
  let [crashes, operations] = [0, 0]
  const rages = () => time.elapsed() < weather.until
  return {
    dice,
    declines: () => rages() && dice.chance(weather.declining),
    onNetwork: () =>
      rages() && dice.chance(weather.network)
        ? dice.pick("request lost", "answer lost", "request late", "call slow")
        : undefined,
    atPort: ({ process, refuses }) => {
      if (process && operations++ === weather.crash?.operation) return weather.crash.how
      if (!rages()) return undefined
      const roll = dice.share()
      let from = 0
      const falls = (chance: number) => roll >= from && roll < (from += chance)
      if (falls(process && crashes < mostCrashes ? weather.crashing : 0)) {
        crashes++
        return dice.pick(...crashFaults)
      }
      if (falls(weather.silent)) return dice.pick("silent before", "silent after")
      if (falls(refuses === undefined ? 0 : weather[refuses])) return "refused"
      return falls(weather.slow) ? "slow" : undefined
    }
  }
}
