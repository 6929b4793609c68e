import { CartService } from "@retro/contract/CartService"
import { checkoutFacts } from "@retro/contract/CheckoutFacts"
import { CheckoutService, EmptyCart, OrderInProgress, OrderNotFound } from "@retro/contract/CheckoutService"
import { CallFailed } from "@retro/contract/Contract"
import { PaymentService } from "@retro/contract/PaymentService"
import { codes } from "@retro/contract/Status"
import type { Cart } from "@retro/domain/Cart"
import { IdempotencyKey, OrderId, type UserId } from "@retro/domain/Ids"
import * as Money from "@retro/domain/Money"
import { Clock, Context, Duration, Effect, Either, Exit, Layer, Option, Redacted, Schedule, Scope } from "effect"
import { createHash } from "node:crypto"
import { Envelope } from "./Envelope.ts"
import { type Entry, JournalStore, type JournalUnavailable } from "./JournalStore.ts"
import * as OrderProgress from "./OrderProgress.ts"
import * as PlaceOrder from "./PlaceOrder.ts"

type PlaceOrderPayload = Parameters<typeof CheckoutService.Service.placeOrder>[0]

/** How long an old client that sends no key may repeat an order and still get the one it placed. */
const replayWindow = Duration.minutes(10)

/** How many of their latest attempts a user is shown: what is bigger than a message can be is shown to nobody. */
const listed = 200

/** How often a replica looks for orders that another one left behind. */
const recoveryInterval = Duration.millis(500)

/** How long orders in flight may still take here once the process is asked to stop; most take less. */
const grace = Duration.millis(250)

/** Gives the orders in flight to whichever replica comes next, and takes up no more. Their callers hear that they are in progress. */
export class HandOver extends Context.Tag("@retro/checkoutservice/HandOver")<HandOver, Effect.Effect<void>>() {}

/**
 * Hands over when the scope closes, after a moment's grace and while whatever this layer stands on is closing: a server
 * below it drains meanwhile, and does not wait for orders that hang.
 */
export const layerHandOver: Layer.Layer<never, never, HandOver> = Layer.scopedDiscard(
  Effect.flatMap(HandOver, (handOver) => Effect.addFinalizer(() => Effect.forkDaemon(Effect.delay(handOver, grace))))
)

/** Checkout that places orders in this way: the shop has one, a simulation of its mistakes has others. */
export const layerOf = (placeOrder: typeof PlaceOrder.make) =>
  Layer.scopedContext(
    Effect.gen(function* () {
      const carts = yield* CartService
      const payment = yield* PaymentService
      const store = yield* JournalStore
      const envelope = yield* Envelope
      const runs = yield* Effect.acquireRelease(Scope.make(), (runs) => Scope.close(runs, Exit.void))
      const program = yield* Scope.extend(placeOrder, runs)
      yield* Effect.forkIn(Effect.repeat(program.recover, Schedule.spaced(recoveryInterval)), runs)

      const statusOf = (entry: Parameters<typeof OrderProgress.of>[0]) =>
        Effect.flatMap(program.answerIn(entry), (answer) => OrderProgress.of(entry, answer))

      /** The order that a client without keys placed just now, if this is the same request again. */
      const placedJustNow = Effect.fnUntraced(function* (userId: UserId, fingerprint: string) {
        const since = (yield* Clock.currentTimeMillis) - Duration.toMillis(replayWindow)
        for (const entry of yield* store.list(userId, listed)) {
          if (entry.fingerprint !== fingerprint || entry.begunAt < since) continue
          const answer = yield* program.answerIn(entry)
          const order = Option.flatMap(answer, Either.getRight)
          if (Option.isSome(order)) return order
        }
        return Option.none()
      }, storeSilent)

      const place = Effect.fnUntraced(function* (payload: PlaceOrderPayload, key: IdempotencyKey, token: Token) {
        const { address, cartVersion, email, shownTotal, userCurrency: currency, userId } = payload
        const id = orderIdOf(userId, key)
        const order = yield* program
          .run({
            id,
            group: userId,
            fingerprint: envelope.print(canonical(payload, token)),
            input: { userId, currency, address, email, cardToken: token.cardToken, cartVersion, shownTotal }
          })
          .pipe(
            Effect.catchTags({
              StillRunning: () => new OrderInProgress({ orderId: id }),
              JournalUnavailable: () => silence
            })
          )
        return { order }
      })

      /** Whether an attempt stands in the way of another: not one of long ago, nor one that failed for a passing reason. */
      const counts = Effect.fnUntraced(function* (entry: Entry, since: number) {
        if (entry.begunAt < since) return false
        const answer = yield* program.answerIn(entry)
        const failure = Option.flatMap(answer, Either.getLeft)
        return Option.isNone(failure) || checkoutFacts[failure.value._tag].retry !== "new-key"
      })

      /** The key of a client without keys: the same while its cart and its request are. */
      const derivedKey = Effect.fnUntraced(function* (cart: Cart, fingerprint: string) {
        const since = (yield* Clock.currentTimeMillis) - Duration.toMillis(replayWindow)
        const bought = envelope.print(JSON.stringify([cart.version, cart.items, fingerprint]))
        for (let attempt = 0; ; attempt++) {
          const key = IdempotencyKey.make(`derived:${attempt}:${bought}`)
          const entry = yield* store.read(orderIdOf(cart.userId, key))
          if (Option.isNone(entry) || (yield* counts(entry.value, since))) return key
        }
      }, storeSilent)

      const placeWithoutKey = Effect.fnUntraced(function* (payload: PlaceOrderPayload, token: Token) {
        const { userId } = payload
        const cart = yield* carts.getCart({ userId })
        const fingerprint = envelope.print(canonical(payload, token))
        if (cart.items.length > 0) return yield* place(payload, yield* derivedKey(cart, fingerprint), token)
        const order = yield* placedJustNow(userId, fingerprint)
        return Option.isSome(order) ? { order: order.value } : yield* new EmptyCart()
      })

      const checkout = CheckoutService.of({
        placeOrder: Effect.fnUntraced(function* (payload) {
          const token = yield* payment.tokenize({ creditCard: payload.creditCard })
          return yield* payload.idempotencyKey === undefined
            ? placeWithoutKey(payload, token)
            : place(payload, payload.idempotencyKey, token)
        }),
        getOrder: Effect.fnUntraced(function* ({ orderId, userId }) {
          const entry = yield* storeSilent(store.read(orderId))
          return Option.isSome(entry) && entry.value.group === userId
            ? { status: yield* statusOf(entry.value) }
            : yield* new OrderNotFound({ orderId })
        }),
        listOrders: Effect.fnUntraced(function* ({ userId }) {
          const entries = yield* storeSilent(store.list(userId, listed + 1))
          const orders = yield* Effect.forEach(entries.slice(0, listed), statusOf)
          return {
            orders: orders.filter(({ payment, state }) => state !== "failed" || payment === "refunded"),
            hasEarlier: entries.length > listed
          }
        })
      })
      return Context.make(CheckoutService, checkout).pipe(Context.add(HandOver, Scope.close(runs, Exit.void)))
    })
  )

/** Buys carts, each key once, and tells how far each order has come. */
export const layer = layerOf(PlaceOrder.make)

interface Token {
  readonly cardToken: string
  readonly fingerprint: string
}

/** A store that is silent leaves the caller without a verdict. */
const silence = new CallFailed({ path: "", code: codes.UNAVAILABLE })

const storeSilent = <A, R>(effect: Effect.Effect<A, JournalUnavailable, R>) => Effect.mapError(effect, () => silence)

/** The order that a user's key stands for: a UUID (RFC 9562, version 8) that only those know who know the key. */
export const orderIdOf = (userId: UserId, key: IdempotencyKey): OrderId => {
  const hex = createHash("sha256").update(`${userId}\n${key}`).digest("hex")
  return OrderId.make(
    `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
  )
}

/** What makes two requests the same: everything but the key, with the card by its fingerprint, never by its token. */
const canonical = (payload: PlaceOrderPayload, token: Token): string =>
  JSON.stringify([
    payload.userCurrency,
    { ...payload.address },
    Redacted.value(payload.email),
    payload.cartVersion,
    payload.shownTotal === undefined ? undefined : Money.toNanos(payload.shownTotal).toString(),
    token.fingerprint
  ])
