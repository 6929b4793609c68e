import { wrongConfiguration } from "@retro/process/StartFailure"
import { Deferred, Duration, Effect, Fiber, type Scope } from "effect"
import type { Board } from "./Board.ts"
import * as Child from "./Child.ts"

/** A process that should be there. */
export interface Program extends Omit<Child.Command, "heard"> {
  readonly name: string
  readonly isServing: Effect.Effect<boolean>
  /** Whether what it writes is only worth showing, the last lines of it, when it ends by itself. */
  readonly isQuiet?: boolean
}

/** Between two looks at whether a process serves. */
const glance = { whileStarting: "100 millis", after: "1 second" } as const

/** Before a process that ended is started again: doubles with every time in a row that it did not come to serve. */
const backOff = { first: Duration.millis(500), longest: Duration.seconds(10) }

/**
 * Keeps a program running until the scope closes, telling the board. `served` is done when it serves for the first time.
 * The scopes of several close one after the other, so nobody loses what they depend on while they drain.
 */
export const run = (
  program: Program,
  board: Board,
  served: Deferred.Deferred<void>
): Effect.Effect<void, never, Scope.Scope> =>
  Effect.asVoid(
    Effect.acquireRelease(
      // Not a child of the fiber that closes the scope: with that one all of them would be interrupted at once.
      Effect.forkDaemon(Effect.interruptible(supervise(program, board, served))),
      Effect.fnUntraced(function* (fiber) {
        board.set(program.name, { state: "stopping" })
        yield* Fiber.interrupt(fiber)
        board.set(program.name, { state: "stopped", pid: undefined })
      })
    )
  )

const supervise = Effect.fnUntraced(function* (program: Program, board: Board, served: Deferred.Deferred<void>) {
  let wait = backOff.first
  for (let restarts = 0; ; restarts++) {
    board.set(program.name, { state: "starting", restarts })
    const { ended, hasServed } = yield* Effect.scoped(once(program, board, served))
    if (ended === `exit code ${wrongConfiguration}`) return yield* giveUp(program, board)
    wait = hasServed ? backOff.first : wait
    board.log(program.name, `ended with ${ended}; starting it again in ${Duration.format(wait)}`)
    board.set(program.name, { state: "restarting", pid: undefined })
    yield* Effect.sleep(wait)
    wait = Duration.min(Duration.times(wait, 2), backOff.longest)
  }
})

const once = Effect.fnUntraced(function* (program: Program, board: Board, served: Deferred.Deferred<void>) {
  const tell = (line: string) => board.log(program.name, line)
  const untold: Array<string> = []
  const child = yield* Child.start({ ...program, heard: program.isQuiet ? (line) => untold.push(line) : tell })
  board.set(program.name, { pid: child.pid })
  const seen = { serving: false }
  const look = Effect.gen(function* () {
    const serving = yield* program.isServing
    if (serving || seen.serving) board.set(program.name, { state: serving ? "serving" : "not serving" })
    if (serving) yield* Deferred.succeed(served, undefined)
    seen.serving ||= serving
    yield* Effect.sleep(seen.serving ? glance.after : glance.whileStarting)
  })
  yield* Effect.forkScoped(Effect.forever(look))
  const ended = yield* child.ended
  untold.slice(-5).forEach(tell)
  return { ended, hasServed: seen.serving }
})

const giveUp = (program: Program, board: Board): Effect.Effect<never> =>
  Effect.suspend(() => {
    board.set(program.name, { state: "failed", pid: undefined })
    board.log(program.name, "its configuration is wrong: not started again")
    return Effect.never
  })
