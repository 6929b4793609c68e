import { Clock, Data, Duration, Effect, Exit, Random, RuntimeFlags, RuntimeFlagsPatch, type Scheduler } from "effect"
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
  /** Whether the program has ended: what is left of it happens no more. */
  readonly isOver: () => boolean
  /** Runs a program to its end, once; it must not wait for anything real. What it leaves behind is brought down. */
  readonly run: <A, E>(program: Effect.Effect<A, E>) => Exit.Exit<A, E | Deadlock>
}

/** The machine was turned off while somebody waited. */
class PoweredOff extends Data.TaggedError("PoweredOff") {}

/** When every simulation begins: a Monday noon. */
export const start = Date.UTC(2026, 9, 5, 12)

/** A machine whose choices these dice make. */
export const make = (dice: Dice): VirtualTime => {
  const ready: Array<Scheduler.Task> = []
  const sleepers = makeSleepers()
  let now = start
  let over = false

  const clock: Clock.Clock = {
    [Clock.ClockTypeId]: Clock.ClockTypeId,
    unsafeCurrentTimeMillis: () => now,
    unsafeCurrentTimeNanos: () => BigInt(now) * 1_000_000n,
    currentTimeMillis: Effect.sync(() => now),
    currentTimeNanos: Effect.sync(() => BigInt(now) * 1_000_000n),
    sleep: (duration) =>
      Effect.suspend(() =>
        over
          ? Effect.die(new PoweredOff())
          : Effect.async<void>((resume) => {
              const cancel = sleepers.add(now + Math.ceil(Duration.toMillis(duration)), resume)
              return Effect.sync(cancel)
            })
      )
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

  /** Wakes everybody who waits with a defect, so that no fiber stays behind: the runtime would keep it for ever. */
  const turnOff = () => {
    over = true
    for (let waiting = sleepers.due(Infinity); waiting.length > 0; waiting = sleepers.due(Infinity)) {
      for (const resume of waiting) resume(Effect.die(new PoweredOff()))
      drain()
    }
  }

  return {
    elapsed: () => now - start,
    isOver: () => over,
    run: (program) => {
      const random = Random.make(dice.below(2 ** 32))
      const quick = Effect.withRuntimeFlagsPatch(program, RuntimeFlagsPatch.disable(RuntimeFlags.RuntimeMetrics))
      const machine = quick.pipe(Effect.withClock(clock), Effect.withRandom(random), Effect.withTracerEnabled(false))
      const fiber = Effect.runFork(machine, { scheduler })
      drain()
      let exit = fiber.unsafePoll()
      while (exit === null && sleepers.next() < Infinity) {
        now = sleepers.next()
        for (const resume of sleepers.due(now)) resume(Effect.void)
        drain()
        exit = fiber.unsafePoll()
      }
      turnOff()
      return exit ?? Exit.fail(new Deadlock())
    }
  }
}

/** Waits until the machine is turned off. (`Effect.never` would set a timer of the real one.) */
export const forever: Effect.Effect<never> = Effect.zipRight(Effect.sleep(Duration.infinity), Effect.interrupt)

const opsBeforeYield = 2048

type Resume = (effect: Effect.Effect<void>) => void

/** Who waits until when, the next one at the end. */
const makeSleepers = () => {
  const waiting: Array<{ readonly at: number; readonly resume: Resume }> = []
  return {
    add: (at: number, resume: Resume) => {
      const sleeper = { at, resume }
      let index = waiting.length
      while (index > 0 && (waiting[index - 1]?.at ?? at) <= at) index--
      waiting.splice(index, 0, sleeper)
      return () => {
        const found = waiting.indexOf(sleeper)
        if (found >= 0) waiting.splice(found, 1)
      }
    },
    /** When somebody is due; never if nobody waits. */
    next: () => waiting.at(-1)?.at ?? Infinity,
    /** Those who are due by then. */
    due: (now: number): ReadonlyArray<Resume> => {
      const first = waiting.findIndex(({ at }) => at <= now)
      return first < 0
        ? []
        : waiting
            .splice(first)
            .map(({ resume }) => resume)
            .reverse()
    }
  }
}
