import { CartService } from "@retro/contract/CartService"
import { CheckoutService, EmptyCart, OrderInProgress, OrderNotFound } from "@retro/contract/CheckoutService"
import { CallFailed } from "@retro/contract/Contract"
import { PaymentService } from "@retro/contract/PaymentService"
import { codes } from "@retro/contract/Status"
import type { IdempotencyKey } from "@retro/domain/Ids"
import * as Money from "@retro/domain/Money"
import { Context, Duration, Effect, Exit, Layer, Option, Redacted, Schedule, Scope } from "effect"
import { Envelope } from "./Envelope.ts"
import { JournalStore, type JournalUnavailable } from "./JournalStore.ts"
import * as OrderKey from "./OrderKey.ts"
import * as OrderProgress from "./OrderProgress.ts"
import * as PlaceOrder from "./PlaceOrder.ts"

type PlaceOrderPayload = Parameters<typeof CheckoutService.Service.placeOrder>[0]

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
      const keyless = yield* OrderKey.forKeyless(program.answerIn, listed)
      yield* Effect.forkIn(Effect.repeat(program.recover, Schedule.spaced(recoveryInterval)), runs)

      const statusOf = (entry: Parameters<typeof OrderProgress.of>[0]) =>
        Effect.flatMap(program.answerIn(entry), (answer) => OrderProgress.of(entry, answer))

      const place = Effect.fnUntraced(function* (payload: PlaceOrderPayload, key: IdempotencyKey, token: Token) {
        const { address, cartVersion, email, shownTotal, userCurrency: currency, userId } = payload
        const id = OrderKey.orderIdOf(userId, key)
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

      const placeWithoutKey = Effect.fnUntraced(function* (payload: PlaceOrderPayload, token: Token) {
        const { userId } = payload
        const cart = yield* carts.getCart({ userId })
        const fingerprint = envelope.print(canonical(payload, token))
        if (cart.items.length > 0) {
          return yield* place(payload, yield* storeSilent(keyless.keyOf(cart, fingerprint)), token)
        }
        const order = yield* storeSilent(keyless.placedJustNow(userId, fingerprint))
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
