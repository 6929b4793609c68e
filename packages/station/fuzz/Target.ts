import { Deferred, Effect, FiberId, type Scope } from "effect"
import { type ChildProcess, fork } from "node:child_process"
import { fileURLToPath } from "node:url"
import type { Stalls } from "./Stalls.ts"

/** What the questions since the last measurement did to the shop. */
export interface Measurement extends Stalls {
  /** What it logged as an error: a page or a call that broke. */
  readonly errors: ReadonlyArray<string>
  /** Bytes in use after garbage was collected. */
  readonly heap: number
}

/** A shop in a process of its own. */
export interface Target {
  readonly http: number
  readonly grpc: number
  readonly measure: Effect.Effect<Measurement>
  /** How long it computed at a time since the last look, in milliseconds; nothing else is measured, or forgotten. */
  readonly glance: Effect.Effect<number>
  /** How it ended, if it did. */
  readonly ended: () => string | undefined
}

/** Starts one; it goes when the scope closes. */
export const start: Effect.Effect<Target, never, Scope.Scope> = Effect.gen(function* () {
  let ended: string | undefined
  const waiting: Array<Deferred.Deferred<any>> = []
  const child: ChildProcess = yield* Effect.acquireRelease(
    Effect.sync(() =>
      fork(fileURLToPath(new URL("programs/target.ts", import.meta.url)), {
        execArgv: ["--import", "tsx", "--expose-gc"],
        stdio: ["ignore", "inherit", "inherit", "ipc"]
      })
    ),
    (child) => Effect.sync(() => child.kill("SIGKILL"))
  )
  child.once("exit", (code, signal) => {
    ended = `the shop ended: ${signal ?? `exit code ${code}`}`
    for (const answer of waiting.splice(0)) Deferred.unsafeDone(answer, Effect.dieMessage(ended))
  })
  child.on("message", (message) => {
    const answer = waiting.shift()
    if (answer !== undefined) Deferred.unsafeDone(answer, Effect.succeed(message))
  })
  const next = <A>() => {
    const answer = Deferred.unsafeMake<A>(FiberId.none)
    waiting.push(answer)
    return Deferred.await(answer)
  }
  const ask = <A>(what: string) =>
    Effect.suspend(() => {
      child.send(what)
      return next<A>()
    })
  const { grpc, http } = yield* next<{ readonly http: number; readonly grpc: number }>()
  return {
    http,
    grpc,
    measure: ask<Measurement>("measure"),
    glance: ask<number>("glance"),
    ended: () => ended
  }
})
