import * as Checkout from "@retro/checkoutservice/Checkout"
import { JournalStore } from "@retro/checkoutservice/JournalStore"
import * as PlaceOrder from "@retro/checkoutservice/PlaceOrder"
import { CartService } from "@retro/contract/CartService"
import { CheckoutService } from "@retro/contract/CheckoutService"
import { Address } from "@retro/domain/Address"
import { CartItem } from "@retro/domain/Cart"
import { CreditCard } from "@retro/domain/CreditCard"
import { IdempotencyKey, ProductId, UserId } from "@retro/domain/Ids"
import * as Station from "@retro/station/Station"
import * as Stores from "@retro/station/Stores"
import { Effect, Layer, Logger, ManagedRuntime, Option, Redacted } from "effect"
import { randomUUID } from "node:crypto"
import { answer } from "./Ipc.ts"
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
      const watch = Stopwatch.start(millis)
      const orders = Effect.replicateEffect(keepOrdering(watch), concurrency, {
        concurrency: "unbounded",
        discard: true
      })
      return runtime.runPromise(Effect.as(orders, watch)).then(({ result }) => result())
    }
  })
}

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
    yield* Effect.orDie(carts.addItem({ userId, item }))
    const placed = yield* Effect.option(
      checkout.placeOrder({ ...request, userId, idempotencyKey: IdempotencyKey.make(randomUUID()) })
    )
    watch.answered(sent, Option.isSome(placed))
  }
})

const item = new CartItem({ productId: ProductId.make("OLJCESPC7Z"), quantity: 2 })

const request = {
  userCurrency: "EUR" as const,
  address: new Address({
    recipient: "B. Ench",
    streetAddress: "1 Main St",
    city: "Springfield",
    state: "",
    postalCode: "01234",
    country: "US"
  }),
  email: Redacted.make("bench@example.com"),
  creditCard: new CreditCard({
    number: Redacted.make("4432801561520454"),
    securityCode: Redacted.make("672"),
    expirationYear: 2099,
    expirationMonth: 1
  }),
  cartVersion: undefined,
  shownTotal: undefined
}
