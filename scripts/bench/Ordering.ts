import * as Checkout from "@retro/checkoutservice/Checkout"
import { JournalStore } from "@retro/checkoutservice/JournalStore"
import * as PlaceOrder from "@retro/checkoutservice/PlaceOrder"
import { CartService } from "@retro/contract/CartService"
import { CheckoutService } from "@retro/contract/CheckoutService"
import { IdempotencyKey, UserId } from "@retro/domain/Ids"
import * as Station from "@retro/station/Station"
import * as Stores from "@retro/station/Stores"
import { Effect, Layer, Logger, ManagedRuntime, Option } from "effect"
import { randomUUID } from "node:crypto"
import { answer, type Load } from "./Ipc.ts"
import * as Purchase from "./Purchase.ts"
import * as Stopwatch from "./programs/Stopwatch.ts"

/**
 * Answers the bench with orders: the whole shop in this process, all of it in memory but the journals of that store. Each
 * order is of a shopper of its own, with two games of one kind in the cart.
 */
export const answerWith = (
  journals: (port: number) => Layer.Layer<JournalStore, unknown>,
  checkout = Checkout.layer
): void => {
  let runtime: ManagedRuntime.ManagedRuntime<CartService | CheckoutService, unknown> | undefined
  answer({
    load: ({ concurrency, millis, port }) => {
      runtime ??= ManagedRuntime.make(
        Station.services(Station.fused, checkout).pipe(
          Layer.provide(Layer.merge(Layer.merge(Stores.inMemory, Stores.bundled), Layer.fresh(journals(port)))),
          Layer.provide(Logger.remove(Logger.defaultLogger)),
          // As a service that exports no telemetry runs.
          Layer.provide(Layer.setTracerEnabled(false))
        )
      )
      return runtime.runPromise(load({ concurrency, millis }))
    }
  })
}

/** Orders of that many shoppers at the same time, for so long. */
export const load = ({ concurrency, millis }: Pick<Load, "concurrency" | "millis">) =>
  Effect.suspend(() => {
    const watch = Stopwatch.start(millis)
    const orders = Effect.replicateEffect(keepOrdering(watch), concurrency, { concurrency: "unbounded", discard: true })
    return Effect.map(orders, watch.result)
  })

/** Checkout by the same definition, with its steps written nowhere: what an order costs without a journal. */
export const withoutJournal = Checkout.layerOf(
  Effect.map(PlaceOrder.definition, ({ afterwards, body }) => {
    const step: Parameters<typeof body>[2] = ({ isFailure, name }, { run }) =>
      Effect.catchAll(run(IdempotencyKey.make(name + randomUUID())), (error) =>
        isFailure(error) ? Effect.fail(error) : Effect.die(error)
      )
    const program: Effect.Effect.Success<typeof PlaceOrder.make> = {
      run: ({ id, input }) => Effect.tap(body(id, input, step), (order) => afterwards(id, input, order, step)),
      recover: Effect.void,
      answerIn: () => Effect.succeedNone
    }
    return program
  })
)

const keepOrdering = Effect.fnUntraced(function* (watch: Stopwatch.Stopwatch) {
  const [carts, checkout] = yield* Effect.all([CartService, CheckoutService])
  while (!watch.isOver()) {
    const userId = UserId.make(randomUUID())
    const sent = performance.now()
    yield* Effect.orDie(carts.addItem({ userId, item: Purchase.item }))
    const placed = yield* Effect.option(
      checkout.placeOrder({ ...Purchase.request, userId, idempotencyKey: IdempotencyKey.make(randomUUID()) })
    )
    watch.answered(sent, Option.isSome(placed))
  }
})
