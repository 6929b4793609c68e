import type { Rpc } from "@effect/rpc"
import type { Contract, Methods } from "@retro/contract/Contract"
import { Context, Effect, Layer } from "effect"

/**
 * A program that does for every call what is tempting and dear: a time-out, a span and a layer of its own. The budgets of
 * the bench have to catch it (`npm run bench -- --prove`).
 */
export const slowly = <Self, R extends Rpc.Any, E, RIn>(
  contract: Contract<Self, R>,
  program: Layer.Layer<Self, E, RIn>
): Layer.Layer<Self, E, RIn> =>
  Layer.map(program, (context) => Context.make(contract, methods(Context.get(context, contract))))

const methods = <R extends Rpc.Any>(all: Methods<R>): Methods<R> =>
  Object.fromEntries(
    Object.entries<(payload: any) => Effect.Effect<unknown, unknown>>(all).map(([name, method]) => [
      name,
      (payload: unknown) =>
        method(payload).pipe(
          Effect.timeout("2 seconds"),
          Effect.withSpan(name),
          Effect.provide(Layer.succeed(Unused, name)),
          Effect.timeout("1 second")
        )
    ])
  ) as Methods<R>

class Unused extends Context.Tag("@retro/bench/Unused")<Unused, string>() {}
