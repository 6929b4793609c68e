import * as CallContext from "@retro/contract/CallContext"
import { CartService } from "@retro/contract/CartService"
import { EarlierOrderUnsettled, PricingUnavailable } from "@retro/contract/CheckoutService"
import { CallFailed } from "@retro/contract/Contract"
import { codes } from "@retro/contract/Status"
import { IdempotencyKey, OrderId, type UserId } from "@retro/domain/Ids"
import type { Order } from "@retro/domain/Order"
import { Effect, Either, Option } from "effect"
import { JournalStore } from "./JournalStore.ts"
import type * as Program from "./Program.ts"

/**
 * Builds what gives an order the cart it is to buy, while no other order buys it: the same lines are not sold
 * twice, whatever the forms, keys and replicas. Whether the order that holds a cart came to something stands in its journal.
 *
 * - It has no answer yet: nobody knows. That is silence, to be asked about again. Where it is parked it would be in vain:
 *   `EarlierOrderUnsettled`.
 * - It failed, or there is no such order any more: the next one takes its place.
 * - It succeeded, and what it bought is still in the cart: that is taken out now, in its name. Later it changes nothing.
 */
export const make = <E>(answerIn: Program.AnswerIn<Order, E>) =>
  Effect.gen(function* () {
    const carts = yield* CartService
    const store = yield* JournalStore

    const settle = Effect.fnUntraced(function* (userId: UserId, orderKey: IdempotencyKey) {
      const entry = yield* Effect.orElseFail(store.read(orderKey), () => unknown)
      if (Option.isNone(entry)) return
      const answer = yield* answerIn(entry.value)
      if (Option.isNone(answer)) return yield* entry.value.parked ? unsettled(orderKey) : unknown
      if (Either.isLeft(answer.value)) return
      yield* carts.removeBought({ userId, orderKey, lines: answer.value.right.items.map(({ item }) => item) })
    })

    /** Asks for the hold. A cart service of before there were holds gives the cart: what it sells twice it always did. */
    const ask = (userId: UserId, orderKey: IdempotencyKey, insteadOf: IdempotencyKey | undefined) =>
      carts.holdCart({ userId, orderKey, insteadOf }).pipe(
        Effect.catchIf(
          (failure) => failure._tag === "PeerRefused" && failure.code === codes.UNIMPLEMENTED,
          () => Effect.map(carts.getCart({ userId }), (cart) => ({ cart, heldBy: orderKey }))
        )
      )

    const take = Effect.fnUntraced(function* (userId: UserId, orderId: OrderId) {
      const orderKey = IdempotencyKey.make(orderId)
      const first = yield* ask(userId, orderKey, undefined)
      if (first.heldBy === orderKey) return first.cart
      yield* settle(userId, first.heldBy)
      const { cart, heldBy } = yield* ask(userId, orderKey, first.heldBy)
      return heldBy === orderKey ? cart : yield* unknown
    })

    /** Why an order did not get its cart, or no price for it, in all the time it asked. */
    const refusal = (userId: UserId, orderId: OrderId) => {
      const orderKey = IdempotencyKey.make(orderId)
      return ask(userId, orderKey, undefined).pipe(
        CallContext.within("1 second"),
        Effect.map(({ heldBy }) => (heldBy === orderKey ? new PricingUnavailable() : unsettled(heldBy))),
        Effect.orElseSucceed(() => new PricingUnavailable())
      )
    }

    return { take, refusal }
  })

/** Carts are held by orders only, in the name of their ids. */
const unsettled = (heldBy: IdempotencyKey) => new EarlierOrderUnsettled({ orderId: OrderId.make(heldBy) })

/** Whether somebody else buys the cart. */
const unknown = new CallFailed({ path: "", code: codes.UNAVAILABLE })
