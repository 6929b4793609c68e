import type { Cart } from "@retro/domain/Cart"
import type { CheckoutError } from "@retro/contract/CheckoutService"
import { checkoutFacts } from "@retro/contract/CheckoutFacts"
import { IdempotencyKey, OrderId, type UserId } from "@retro/domain/Ids"
import type { Order } from "@retro/domain/Order"
import { Clock, Duration, Effect, Either, Option } from "effect"
import { hash } from "node:crypto"
import { Envelope } from "./Envelope.ts"
import { type Entry, JournalStore } from "./JournalStore.ts"
import type { AnswerIn } from "./Program.ts"

/** The order that a user's key stands for: a UUID (RFC 9562, version 8) that only those know who know the key. */
export const orderIdOf = (userId: UserId, key: IdempotencyKey): OrderId => {
  const hex = hash("sha256", `${userId}\n${key}`)
  return OrderId.make(
    `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
  )
}

/** How long an old client that sends no key may repeat an order and still get the one it placed. */
const replayWindow = Duration.minutes(10)

const windowBegan = Effect.map(Clock.currentTimeMillis, (now) => now - Duration.toMillis(replayWindow))

/** Builds what serves clients that send no key, among the latest attempts of their user: a repeated request is one order. */
export const forKeyless = Effect.fnUntraced(function* (answerIn: AnswerIn<Order, CheckoutError>, latest: number) {
  const store = yield* JournalStore
  const envelope = yield* Envelope

  /** Whether an attempt stands in the way of another: not one of long ago, nor one that failed for a passing reason. */
  const counts = Effect.fnUntraced(function* (entry: Entry, since: number) {
    if (entry.begunAt < since) return false
    const failure = Option.flatMap(yield* answerIn(entry), Either.getLeft)
    return Option.isNone(failure) || checkoutFacts[failure.value._tag].retry !== "new-key"
  })

  return {
    /** The key of a request: the same while the cart and the request are. */
    keyOf: Effect.fnUntraced(function* (cart: Cart, fingerprint: string) {
      const since = yield* windowBegan
      const bought = envelope.print(JSON.stringify([cart.version, cart.items, fingerprint]))
      for (let attempt = 0; ; attempt++) {
        const key = IdempotencyKey.make(`derived:${attempt}:${bought}`)
        const entry = yield* store.read(orderIdOf(cart.userId, key))
        if (Option.isNone(entry) || (yield* counts(entry.value, since))) return key
      }
    }),
    /** The order that was placed just now, if this is the same request again. */
    placedJustNow: Effect.fnUntraced(function* (userId: UserId, fingerprint: string) {
      const since = yield* windowBegan
      for (const entry of yield* store.list(userId, latest)) {
        if (entry.fingerprint !== fingerprint || entry.begunAt < since) continue
        const order = Option.flatMap(yield* answerIn(entry), Either.getRight)
        if (Option.isSome(order)) return order
      }
      return Option.none<Order>()
    })
  }
})
