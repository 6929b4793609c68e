import { Clock, Data, Duration, Effect, Exit, Random, type Scheduler } from "effect"
import type { Dice } from "./Dice.ts"

/** Nothing can happen any more, and the program has not ended: everybody waits for somebody. */
export class Deadlock extends Data.TaggedError("Deadlock") {}

/**
 * A machine of its own: a clock that jumps to the next thing that is due, and a scheduler that draws which of the fibers
 * that could go on does. Unlike `TestClock`, which waits for timers of the real machine between two sleeps, it runs
 * without ever giving control back, so a minute of the shop takes milliseconds, and the dice decide every interleaving.
 */
export interface VirtualTime {
  /** Milliseconds since the start. */
  readonly elapsed: () => number
  /** Runs a program to its end. It must not wait for anything real. */
  readonly run: <A, E>(program: Effect.Effect<A, E>) => Exit.Exit<A, E | Deadlock>
}

/** When every simulation begins: a Monday noon. */
export const start = Date.UTC(2026, 9, 5, 12)

/** A machine whose choices these dice make. */
export const make = (dice: Dice): VirtualTime => {
  const ready: Array<Scheduler.Task> = []
  const sleepers = makeSleepers()
  let now = start

  const clock: Clock.Clock = {
    [Clock.ClockTypeId]: Clock.ClockTypeId,
    unsafeCurrentTimeMillis: () => now,
    unsafeCurrentTimeNanos: () => BigInt(now) * 1_000_000n,
    currentTimeMillis: Effect.sync(() => now),
    currentTimeNanos: Effect.sync(() => BigInt(now) * 1_000_000n),
    sleep: (duration) =>
      Effect.async<void>((resume) => {
        const cancel = sleepers.add(now + Duration.toMillis(duration), () => resume(Effect.void))
        return Effect.sync(cancel)
      })
  }
  const scheduler: Scheduler.Scheduler = {
    shouldYield: (fiber) => (fiber.currentOpCount > opsBeforeYield ? 0 : false),
    scheduleTask: (task) => void ready.push(task)
  }

  /** Runs whatever can run at this moment, in an order that the dice draw. */
  const drain = () => {
    while (ready.length > 0) {
      const index = dice.below(ready.length)
      const task = ready[index]
      const last = ready.pop()
      if (last !== undefined && last !== task) ready[index] = last
      task?.()
    }
  }

  return {
    elapsed: () => now - start,
    run: (program) => {
      const random = Random.make(dice.below(2 ** 32))
      const fiber = Effect.runFork(program.pipe(Effect.withClock(clock), Effect.withRandom(random)), { scheduler })
      while (true) {
        drain()
        const exit = fiber.unsafePoll()
        if (exit !== null) return exit
        const next = sleepers.next()
        if (next === undefined) return Exit.fail(new Deadlock())
        now = Math.max(now, next)
        for (const wake of sleepers.due(now)) wake()
      }
    }
  }
}

/** Waits for ever, without a timer of the real machine as `Effect.never` has one. */
export const forever: Effect.Effect<never> = Effect.async<never>(() => {})

const opsBeforeYield = 2048

/** Who waits until when, the next one at the end. */
const makeSleepers = () => {
  const waiting: Array<{ readonly at: number; readonly wake: () => void }> = []
  return {
    add: (at: number, wake: () => void) => {
      const sleeper = { at, wake }
      let index = waiting.length
      while (index > 0 && (waiting[index - 1]?.at ?? at) <= at) index--
      waiting.splice(index, 0, sleeper)
      return () => {
        const found = waiting.indexOf(sleeper)
        if (found >= 0) waiting.splice(found, 1)
      }
    },
    next: () => waiting.at(-1)?.at,
    due: (now: number) => {
      const due: Array<() => void> = []
      while ((waiting.at(-1)?.at ?? Infinity) <= now) {
        const sleeper = waiting.pop()
        if (sleeper !== undefined) due.push(sleeper.wake)
      }
      return due
    }
  }
}
