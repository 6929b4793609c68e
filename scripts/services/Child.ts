import { Deferred, Effect, FiberId, type Scope } from "effect"
import { spawn } from "node:child_process"
import { createInterface } from "node:readline"
import * as Guard from "./Guard.ts"

/** A process that was started. */
export interface Child {
  readonly pid: number | undefined
  /** How it ended: "exit code 1" or "SIGKILL". */
  readonly ended: Effect.Effect<string>
}

/** What to start, with which environment, and who hears what it writes. */
export interface Command {
  readonly line: readonly [program: string, ...args: ReadonlyArray<string>]
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly heard: (line: string) => void
}

/** How long a process may take to stop before it is killed: longer than a service's own drain. */
const patience = "12 seconds"

/** Starts a process in a group of its own; at the end of the scope the group is asked to stop, and then is gone. */
export const start = ({
  environment,
  heard,
  line: [program, ...args]
}: Command): Effect.Effect<Child, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const ended = Deferred.unsafeMake<string>(FiberId.none)
      const done = (how: string) => Deferred.unsafeDone(ended, Effect.succeed(how))
      const child = spawn(program, args, { detached: true, env: environment, stdio: ["ignore", "pipe", "pipe"] })
      if (child.pid !== undefined) Guard.watch(child.pid)
      child.once("error", ({ message }) => done(message))
      child.once("exit", (code, signal) => done(signal ?? `exit code ${code}`))
      for (const input of [child.stdout, child.stderr]) createInterface({ input }).on("line", heard)
      return { pid: child.pid, ended: Deferred.await(ended) }
    }),
    ({ ended, pid }) =>
      Effect.sync(() => send(pid, "SIGTERM")).pipe(
        Effect.zipRight(ended),
        Effect.timeout(patience),
        Effect.ignore,
        Effect.ensuring(Effect.sync(() => end(pid)))
      )
  )

const end = (pid: number | undefined) => {
  send(pid, "SIGKILL")
  if (pid !== undefined) Guard.forget(pid)
}

const send = (pid: number | undefined, signal: NodeJS.Signals) => {
  try {
    if (pid !== undefined) process.kill(-pid, signal)
  } catch {
    // The group is gone already.
  }
}
