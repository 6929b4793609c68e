import { Effect, type Scope } from "effect"
import type { Bench } from "./Bench.ts"
import * as Compare from "./Compare.ts"
import type { Process } from "./Process.ts"
import * as Table from "./Table.ts"

/** One that runs in a process of its own. */
export interface Contestant extends Compare.Contestant {
  readonly process: Process
  /** Whose profile is of interest. */
  readonly isOurs: boolean
}

/** How often each is started. */
const plans = { thorough: 5, quick: 2 }

/**
 * Compares contestants that are started several times, each time for its part of the rounds. What V8 makes of a program and
 * where it comes to lie in memory differ from start to start: of two processes of one program, one may need a third more for
 * every call. Answers what came out of all of it, and a table of the ratios by start.
 */
export const run = Effect.fnUntraced(function* <E extends Error>(
  bench: Bench,
  title: string,
  open: Effect.Effect<ReadonlyArray<Contestant>, E, Scope.Scope>
) {
  const count = bench.options.quick ? plans.quick : plans.thorough
  // V8 goes on compiling what is run for many seconds, on other threads of the process: the more code, the longer.
  const plan = { ...bench.plan, warmUp: bench.plan.warmUp * 2, rounds: Math.ceil(bench.plan.rounds / count) }
  const starts = yield* Effect.forEach(Array.from({ length: count }).keys(), (start) =>
    Effect.scoped(
      Effect.flatMap(open, (contestants) => Compare.run(`${title}, start ${start + 1} of ${count}`, contestants, plan))
    )
  )
  const slices = new Map<string, Array<Compare.Slice>>()
  for (const { name, slices: own } of starts.flat()) slices.set(name, [...(slices.get(name) ?? []), ...own])
  const results = starts[0]!.map(({ base, name }) => Compare.resultOf(name, base, slices))
  const byStart = Table.make(
    results.filter(({ base, name }) => base !== name),
    [
      { heading: "", cell: ({ name }) => name },
      ...starts.map((ofStart, start) => ({
        heading: `start ${start + 1}`,
        cell: ({ name }: Compare.Result) => Table.number(Compare.ratioOf(ofStart, name))
      }))
    ]
  )
  const profiles = bench.options.profile
    ? yield* Effect.scoped(
        Effect.flatMap(open, (contestants) =>
          Effect.forEach(
            contestants.filter(({ isOurs }) => isOurs),
            (each) => bench.profile(each, each.process)
          )
        )
      )
    : []
  return { results, more: [byStart, ...profiles.flat()] }
})
