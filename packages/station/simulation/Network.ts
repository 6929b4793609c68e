import type { Rpc } from "@effect/rpc"
import { CheckoutService } from "@retro/contract/CheckoutService"
import { CallFailed, Completes, type Contract, Deadline, type Methods } from "@retro/contract/Contract"
import { codes } from "@retro/contract/Status"
import { Cause, Context, Deferred, Duration, Effect, Fiber, Layer, Scope, Exit } from "effect"
import type { Wiring } from "../src/Station.ts"
import type { Swap } from "./Mutant.ts"
import * as Process from "./Process.ts"
import type { Trace } from "./Trace.ts"
import type { NetworkFault, Storm } from "./Weather.ts"

/** A program in a process of its own. */
interface Replica<Service> {
  readonly process: Process.Process
  readonly service: Service
}

/** How many processes answer for a contract. */
const replicasOf = (contract: unknown): number => (contract === CheckoutService ? 2 : 1)

/**
 * Between caller and program lie processes that end and begin again and a network that loses: deadlines and which rpcs
 * run on without their caller are what the contracts say, as over gRPC.
 */
export const wiring =
  (storm: Storm, trace: Trace, swaps: ReadonlyArray<Swap>): Wiring =>
  (contract, program) =>
    Layer.scoped(
      contract,
      Effect.map(fleet(contract, program, storm, trace), (up) =>
        swaps
          .filter((swap) => swap.contract === contract)
          .reduce(
            (service, { change }) => ({ ...service, ...change(service as never) }),
            caller(contract, up, storm, trace)
          )
      )
    )

/** Keeps a contract's replicas running; each that ends is followed by another one. */
const fleet = Effect.fnUntraced(function* <Self, R extends Rpc.Any, E, RIn>(
  contract: Contract<Self, R>,
  program: Layer.Layer<Self, E, RIn>,
  storm: Storm,
  trace: Trace
) {
  const context = yield* Effect.context<RIn>()
  const up: Array<Replica<Methods<R>>> = []

  const begin: (name: string) => Effect.Effect<void, E> = Effect.fnUntraced(function* (name) {
    const scope = yield* Scope.make()
    const again = Effect.zipRight(
      Effect.sleep(storm.dice.between(100, 2500)),
      // It began once before.
      Effect.suspend(() => Effect.orDie(begin(name)))
    )
    const process: Process.Process = Process.make(name, (how) =>
      Effect.suspend(() => {
        const index = up.findIndex((replica) => replica.process === process)
        if (index < 0) return Effect.void
        up.splice(index, 1)
        trace.did(name, `is ${how}`)
        const tidied = how === "killed" ? Effect.void : Process.within(process)(Scope.close(scope, Exit.void))
        return Effect.zipRight(Effect.forkDaemon(tidied), again)
      })
    )
    const built = yield* Process.within(process)(Layer.buildWithScope(program, scope).pipe(Effect.provide(context)))
    up.push({ process, service: Context.get(built, contract) })
  })

  const name = nameOf(contract)
  const count = replicasOf(contract)
  for (let number = 1; number <= count; number++) yield* begin(count === 1 ? name : `${name}-${number}`)
  return up
})

/** "payment" of "@retro/contract/PaymentService". */
const nameOf = ({ key }: { readonly key: string }): string => key.replace(/^.*\/|Service$/g, "").toLowerCase()

const caller = <Self, R extends Rpc.Any>(
  contract: Contract<Self, R>,
  up: ReadonlyArray<Replica<Methods<R>>>,
  storm: Storm,
  trace: Trace
): Methods<R> => {
  const rpcs: Iterable<unknown> = contract.group.requests.values()
  return Object.fromEntries(
    Array.from(rpcs as Iterable<Rpc.AnyWithProps>, (rpc) => [
      rpc._tag,
      call(rpc, nameOf(contract), up as never, storm, trace)
    ])
  ) as Methods<R>
}

type Method = (payload: unknown) => Effect.Effect<unknown, unknown>

const call = (
  rpc: Rpc.AnyWithProps,
  name: string,
  up: ReadonlyArray<Replica<Readonly<Record<string, Method>>>>,
  storm: Storm,
  trace: Trace
): Method => {
  const cap = Context.get(rpc.annotations, Deadline)
  const completes = Context.get(rpc.annotations, Completes)

  /** The program's side: answers unless the network loses it or the process is gone by then. */
  const serve = (
    { process, service }: Replica<Readonly<Record<string, Method>>>,
    payload: unknown,
    fault: NetworkFault | undefined,
    answer: Deferred.Deferred<unknown, unknown>
  ) =>
    Effect.sleep(travel(fault, storm)).pipe(
      Effect.zipRight(Process.alive(process)),
      Effect.zipRight(
        Effect.suspend(() => service[rpc._tag]?.(payload) ?? Effect.die("no such rpc")).pipe(
          Effect.timeoutFail({ duration: cap, onTimeout: () => failed("DEADLINE_EXCEEDED") }),
          Effect.exit
        )
      ),
      Effect.zipLeft(Process.alive(process)),
      Effect.tap((exit) => Effect.sync(() => noted(exit, process.name, trace))),
      Effect.flatMap((exit) => (fault === "answer lost" ? Effect.void : Deferred.done(answer, carried(exit)))),
      Process.within(process)
    )

  return (payload) =>
    Process.guard(
      Effect.gen(function* () {
        const fault = storm.onNetwork()
        if (fault !== undefined) trace.fault(fault, `${name}.${rpc._tag}`)
        const replica = up[storm.dice.below(up.length)]
        if (replica === undefined) return yield* failed("UNAVAILABLE")
        const answer = yield* Deferred.make<unknown, unknown>()
        replica.process.connections.add(answer)
        const server = yield* fault === "request lost"
          ? Effect.succeed(Fiber.void)
          : Effect.forkDaemon(Effect.interruptible(serve(replica, payload, fault, answer)))
        return yield* Deferred.await(answer).pipe(
          Effect.timeoutFail({ duration: patience(cap, fault, storm), onTimeout: () => failed("DEADLINE_EXCEEDED") }),
          Effect.onInterrupt(() => (completes ? Effect.void : Fiber.interruptFork(server))),
          Effect.ensuring(Effect.sync(() => replica.process.connections.delete(answer)))
        )
      })
    )
}

const failed = (code: "UNAVAILABLE" | "DEADLINE_EXCEEDED" | "INTERNAL") =>
  new CallFailed({ path: "", code: codes[code] })

/** Writes a defect down: it tells nobody, but explains what follows. */
const noted = (exit: Exit.Exit<unknown, unknown>, name: string, trace: Trace): void => {
  for (const defect of Exit.isFailure(exit) ? Cause.defects(exit.cause) : []) {
    trace.did(name, `breaks down: ${String(defect)}`)
    trace.count("defect")
  }
}

/** What of an exit reaches the caller: a defect or an interruption is no verdict. */
const carried = (exit: Exit.Exit<unknown, unknown>): Exit.Exit<unknown, unknown> =>
  Exit.isFailure(exit) && exit.cause._tag !== "Fail" ? Exit.fail(failed("INTERNAL")) : exit

/** How long a request is on its way, in milliseconds. */
const travel = (fault: NetworkFault | undefined, storm: Storm): number => {
  if (fault === "request late") return storm.dice.between(2000, 15_000)
  return fault === "call slow" ? storm.dice.between(100, 4000) : storm.dice.between(0, 3)
}

/** How long a caller waits: to its deadline, or until it learns that the connection is gone. */
const patience = (cap: Duration.Duration, fault: NetworkFault | undefined, storm: Storm): Duration.Duration =>
  fault === undefined || fault === "call slow" || storm.dice.chance(0.3)
    ? cap
    : Duration.min(cap, Duration.millis(storm.dice.between(1, 1500)))
