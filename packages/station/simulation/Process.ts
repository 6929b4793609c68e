import { CallFailed } from "@retro/contract/Contract"
import { codes } from "@retro/contract/Status"
import { Clock, Deferred, Effect, type Exit, FiberRef } from "effect"
import * as VirtualTime from "./VirtualTime.ts"

/**
 * A process that can end at any moment. Nothing of it is interrupted or released when it is killed: all it does to the
 * world goes through {@link guard}, and from then on nothing gets through.
 */
export interface Process {
  readonly name: string
  killed: boolean
  /** Frozen until then, in milliseconds of the Unix epoch. */
  frozenUntil: number
  /** What waits for an answer from here. */
  readonly connections: Set<Deferred.Deferred<unknown, unknown>>
  /** What the one who started it does about its end. */
  readonly onEnd: (how: "killed" | "stopped") => Effect.Effect<void>
}

/** A process that has just begun. */
export const make = (name: string, onEnd: Process["onEnd"]): Process => ({
  name,
  killed: false,
  frozenUntil: 0,
  connections: new Set(),
  onEnd
})

/** Whose fiber this is; shoppers and the world have none. */
export const current = FiberRef.unsafeMake<Process | undefined>(undefined)

/** Runs as a part of that process. */
export const within = (process: Process | undefined) => Effect.locally(current, process)

/** Waits while the process is frozen, and for ever once it is killed. */
export const alive = (process: Process | undefined): Effect.Effect<void> =>
  Effect.suspend(() => {
    if (process === undefined) return Effect.void
    if (process.killed) return VirtualTime.forever
    return Effect.flatMap(Clock.currentTimeMillis, (now) =>
      now < process.frozenUntil ? Effect.zipRight(Effect.sleep(process.frozenUntil - now), alive(process)) : Effect.void
    )
  })

/** Does something to the world: not after the end of the process, which then does not learn how it went either. */
export const guard = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(FiberRef.get(current), (process) =>
    process === undefined
      ? effect
      : Effect.zipRight(
          alive(process),
          Effect.flatMap(Effect.exit(effect), (exit: Exit.Exit<A, E>) => Effect.zipRight(alive(process), exit))
        )
  )

/** SIGKILL: who waits for an answer learns that the connection is gone. */
export const kill = (process: Process): Effect.Effect<void> =>
  Effect.suspend(() => {
    if (process.killed) return Effect.void
    process.killed = true
    const gone = Effect.fail(new CallFailed({ path: "", code: codes.UNAVAILABLE }))
    for (const connection of process.connections) Deferred.unsafeDone(connection, gone)
    return outside(process.onEnd("killed"))
  })

/** SIGTERM: the process tidies up while the world goes on. */
export const stop = (process: Process): Effect.Effect<void> => outside(process.onEnd("stopped"))

const outside = (effect: Effect.Effect<void>) =>
  Effect.asVoid(Effect.forkDaemon(within(undefined)(Effect.interruptible(effect))))
