import { Effect } from "effect"
import type { Answers } from "./Ipc.ts"
import type { Process, ProcessEnded } from "./Process.ts"
import * as Progress from "./Progress.ts"
import { median, spread } from "./Statistics.ts"

/** One of those that are compared: a short piece of work, and what it takes. */
export interface Contestant {
  readonly name: string
  readonly slice: (millis: number) => Effect.Effect<Slice, ProcessEnded | NotAsExpected>
  /** What it is measured by; itself where it has no name here. */
  readonly base?: string
}

/** One piece of work. */
export interface Slice extends Answers {
  /** CPU time of the measured processes, in microseconds, by their names. */
  readonly cpu: Readonly<Record<string, number>>
  /** How long they were ready to run while others had the core, together, in microseconds. */
  readonly waited: number
}

/** An answer was not the expected one: what was measured is not what it says. */
export class NotAsExpected extends Error {
  readonly _tag = "NotAsExpected"
}

/** How long, in milliseconds, and how often. */
export interface Plan {
  /** CPU time that the busiest process of a contestant has before it is measured: a busy machine gives it later. */
  readonly warmUp: number
  readonly slice: number
  readonly rounds: number
}

/** What came out for one contestant: medians over its slices; of pairs of slices of the same round where it is a ratio. */
export interface Result {
  readonly name: string
  readonly base: string
  /** How many operations it does in the CPU time that its base needs for one: more is faster. */
  readonly ratio: number
  readonly perSecond: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  /** Microseconds of CPU for one operation. */
  readonly cpu: number
  /** The same by process. */
  readonly cpuOf: Readonly<Record<string, number>>
  /** How much of one core the measured processes had; well below 1 where somebody else used it, or the load was too weak. */
  readonly busy: number
  /** How far apart the middle half of its slices is, by CPU for one operation, in parts of their median. */
  readonly spread: number
  readonly slices: ReadonlyArray<Slice>
}

/** How long a program that has only begun may need for its first answer on a busy machine, in milliseconds. */
const firstAnswer = 1_000

/** Runs all contestants in turns, forwards and backwards, so that what disturbs one disturbs all. */
export const run = Effect.fnUntraced(function* (
  title: string,
  contestants: ReadonlyArray<Contestant>,
  { rounds, slice, warmUp }: Plan
) {
  for (const contestant of contestants) {
    Progress.say(`${title}: warming up ${contestant.name} (${warmUp / 1000} s of CPU)`)
    for (let used = 0; used < warmUp * 1000;) used += total(yield* contestant.slice(Math.max(slice, firstAnswer)))
  }
  const slices = new Map(contestants.map(({ name }) => [name, new Array<Slice>()]))
  for (let round = 1; round <= rounds; round++) {
    const left = ((rounds - round + 1) * contestants.length * slice) / 1000
    Progress.say(`${title}: round ${round} of ${rounds}, ${Math.ceil(left)} s to go`)
    for (const contestant of round % 2 === 0 ? contestants : contestants.toReversed()) {
      slices.get(contestant.name)?.push(yield* contestant.slice(slice))
    }
  }
  return contestants.map(({ base, name }) => resultOf(name, base ?? name, slices))
})

/** The ratio that was found for one of them. */
export const ratioOf = (results: ReadonlyArray<Result>, name: string): number =>
  results.find((result) => result.name === name)?.ratio ?? NaN

/** What a load costs these processes: asked before and after it. */
export const metered = Effect.fnUntraced(function* <E>(
  processes: ReadonlyArray<Process>,
  load: Effect.Effect<Answers, E | ProcessEnded>
) {
  const usage = Effect.forEach(processes, (process) => process.ask("usage", null))
  const before = yield* usage
  const answers = yield* load
  const after = yield* usage
  if (answers.failures > 0 || answers.operations === 0) {
    const { failures, operations } = answers
    return yield* Effect.fail(new NotAsExpected(`${failures} wrong answers, ${operations} right ones`))
  }
  const cpu = processes.map(({ name }, index) => [name, after[index]!.cpu - before[index]!.cpu] as const)
  const waited = after.reduce((sum, { waited }, index) => sum + waited - before[index]!.waited, 0)
  return { ...answers, cpu: Object.fromEntries(cpu), waited }
})

/** What came out for one of them, from everybody's slices. */
export const resultOf = (name: string, base: string, all: ReadonlyMap<string, ReadonlyArray<Slice>>): Result => {
  const [own = [], its = []] = [all.get(name), all.get(base)]
  const processes = Object.keys(own[0]?.cpu ?? {})
  return {
    name,
    base,
    ratio: median(own.map((slice, round) => cost(its[round]!) / cost(slice))),
    perSecond: median(own.map(({ operations, seconds }) => operations / seconds)),
    p50: median(own.map(({ p50 }) => p50)),
    p99: median(own.map(({ p99 }) => p99)),
    cpu: median(own.map(cost)),
    cpuOf: Object.fromEntries(
      processes.map((process) => [process, median(own.map(({ cpu, operations }) => cpu[process]! / operations))])
    ),
    busy: median(own.map((slice) => total(slice) / 1e6 / slice.seconds)),
    spread: spread(own.map(cost)),
    slices: own
  }
}

/** CPU time of all measured processes, in microseconds. */
export const total = ({ cpu }: Slice): number => Object.values(cpu).reduce((sum, each) => sum + each, 0)

/** CPU time for one operation. */
export const cost = (slice: Slice): number => total(slice) / slice.operations
