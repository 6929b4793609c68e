import type { Rpc } from "@effect/rpc"
import * as CallContext from "@retro/contract/CallContext"
import { CallFailed, type Contract } from "@retro/contract/Contract"
import { ShippingUnavailable } from "@retro/contract/ShippingService"
import { codes } from "@retro/contract/Status"
import * as GrpcClient from "@retro/grpc/GrpcClient"
import * as GrpcServer from "@retro/grpc/GrpcServer"
import { Context, Deferred, Effect, Fiber, FiberId, Layer, Option, Predicate, type Scope } from "effect"
import * as Shop from "./Shop.ts"

/** Where a call about an order can be stopped: on its way to the service, or with the service's answer on its way back. */
export interface Point {
  readonly orderId: string
  readonly rpc: string
  readonly side: "before" | "after"
}

/** A call that is stopped, or will be. */
export interface Held {
  /** Succeeds once the call is there. */
  readonly reached: Effect.Effect<void>
  /** Lets it go on. */
  readonly release: Effect.Effect<void>
  /** Breaks its connection: the service's answer is never heard. */
  readonly lose: Effect.Effect<void>
  /** Succeeds when the call is over. */
  readonly over: Effect.Effect<void>
}

/** Stands between callers and services, and stops calls at points that a test names. Knows no more than who calls what. */
export interface Gate {
  /** The first call that comes to this point stays there. */
  readonly hold: (point: Point) => Held
  /** No carrier takes the parcel of this order. */
  readonly strike: (orderId: string) => void
  /** Puts the gate in front of the service at that address; answers the port where it listens instead. */
  readonly before: <Self, R extends Rpc.Any>(
    contract: Contract<Self, R>,
    address: string
  ) => Effect.Effect<number, never, Scope.Scope>
}

/** A gate where nothing is stopped yet. */
export const make = (): Gate => {
  const holds = new Map<string, ReturnType<typeof makeHold>>()
  const struck = new Set<string>()

  const wait = Effect.fnUntraced(function* (point: Point) {
    const hold = holds.get(nameOf(point))
    if (hold === undefined) return false
    holds.delete(nameOf(point))
    yield* Deferred.succeed(hold.reached, undefined)
    return yield* Deferred.await(hold.lost)
  })

  /** In a fiber of its own: a call whose caller is dead still arrives, however late. */
  const passing = (rpc: string, orderId: string, call: Effect.Effect<unknown, unknown>) => {
    const over = [before, after].flatMap((side) =>
      Option.toArray(Option.fromNullable(holds.get(nameOf({ orderId, rpc, side }))))
    )
    return Effect.gen(function* () {
      yield* wait({ orderId, rpc, side: before })
      const exit = yield* struck.has(orderId) && rpc === "shipOrder"
        ? Effect.exit(new ShippingUnavailable())
        : Effect.exit(call)
      const isLost = yield* wait({ orderId, rpc, side: after })
      return yield* isLost ? new CallFailed({ path: "", code: codes.UNAVAILABLE }) : exit
    }).pipe(
      CallContext.withOwnBudget("30 seconds"),
      Effect.ensuring(Effect.forEach(over, (hold) => Deferred.succeed(hold.over, undefined))),
      Effect.forkDaemon,
      Effect.flatMap(Fiber.join)
    )
  }

  const guarded = <Self, R extends Rpc.Any>(contract: Contract<Self, R>, address: string) =>
    Layer.effect(
      contract,
      Effect.map(contract, (methods) => {
        const rpcs: Record<string, (payload: any) => Effect.Effect<any, any>> = methods
        const through = Object.entries(rpcs).map(([rpc, call]) => [
          rpc,
          (payload: unknown) => passing(rpc, orderOf(payload), call(payload))
        ])
        return Object.fromEntries(through) as typeof methods
      })
    ).pipe(Layer.provide(GrpcClient.layer(contract, address)))

  return {
    hold: (point) => {
      const hold = makeHold()
      holds.set(nameOf(point), hold)
      return {
        reached: Deferred.await(hold.reached),
        release: Effect.asVoid(Deferred.succeed(hold.lost, false)),
        lose: Effect.asVoid(Deferred.succeed(hold.lost, true)),
        over: Deferred.await(hold.over)
      }
    },
    strike: (orderId) => void struck.add(orderId),
    before: (contract, address) =>
      GrpcServer.layer(contract).pipe(
        Layer.provide(guarded(contract, address)),
        Layer.provide(Shop.anyPort),
        Layer.build,
        Effect.map((built) => Context.get(built, GrpcServer.GrpcServer).port),
        Effect.orDie
      )
  }
}

const [before, after] = ["before", "after"] as const

const makeHold = () => ({
  reached: Deferred.unsafeMake<void>(FiberId.none),
  /** Whether the answer is lost, once the call may go on. */
  lost: Deferred.unsafeMake<boolean>(FiberId.none),
  over: Deferred.unsafeMake<void>(FiberId.none)
})

const nameOf = ({ orderId, rpc, side }: Point): string => `${side} ${rpc} of ${orderId}`

/** Steps ask under keys that begin with their order's id. */
const orderOf = (payload: unknown): string => {
  for (const field of ["idempotencyKey", "orderKey"]) {
    if (Predicate.hasProperty(payload, field)) return String(payload[field]).split(":", 1)[0] ?? ""
  }
  return ""
}
