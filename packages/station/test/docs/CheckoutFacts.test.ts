import { describe, it } from "@effect/vitest"
import { assertEquals, deepStrictEqual } from "@effect/vitest/utils"
import { CartUnavailable } from "@retro/contract/CartService"
import { checkoutFacts, type Undo } from "@retro/contract/CheckoutFacts"
import { type CheckoutError, CheckoutService } from "@retro/contract/CheckoutService"
import {
  CardDeclined,
  CardExpired,
  type CardRefused,
  InvalidCardNumber,
  InvalidCvv,
  InvalidExpirationMonth,
  TestCardRefused,
  UnacceptedBrand
} from "@retro/contract/PaymentService"
import { AddressNotServed } from "@retro/contract/ShippingService"
import { Cart } from "@retro/domain/Cart"
import { IdempotencyKey, TransactionId } from "@retro/domain/Ids"
import { Effect, Record, Redacted, TestClock } from "effect"
import * as Shop from "../../../checkoutservice/test/Shop.ts"

type Request = Parameters<typeof CheckoutService.Service.placeOrder>[0]

/** How an error comes about: what is sent, to what world, and which of its services do otherwise. */
interface Story {
  readonly world?: (world: Shop.World) => void
  readonly request?: Partial<Request>
  readonly replaced?: Shop.Replaced
  /** An order that was placed before, under the same key. */
  readonly after?: Partial<Request>
}

/** An order that has no answer. */
const earlier = IdempotencyKey.make("00000000-0000-8000-8000-000000000000")

const card = (refusal: CardRefused): Story => ({ replaced: { payment: { tokenize: () => Effect.fail(refusal) } } })

/** A story for each error. One that is missing does not compile. */
const stories: { readonly [Tag in CheckoutError["_tag"]]: Story } = {
  EmptyCart: { world: (world) => (world.cart = new Cart({ userId: Shop.shopper, items: [], version: 8 })) },
  ProductNotFound: { world: (world) => (world.products = []) },
  UnsupportedCurrency: { request: { userCurrency: "JPY" } },
  PriceChanged: { request: { shownTotal: Shop.money("USD", "1.00") } },
  CartChanged: { request: { cartVersion: 6 } },
  OrderLimitExceeded: { world: (world) => (world.products = [Shop.product(Shop.game, "20000")]) },
  InvalidExpirationMonth: card(new InvalidExpirationMonth()),
  CardExpired: card(new CardExpired()),
  InvalidCvv: card(new InvalidCvv()),
  TestCardRefused: card(new TestCardRefused()),
  InvalidCardNumber: card(new InvalidCardNumber()),
  UnacceptedBrand: card(new UnacceptedBrand({ brand: "jcb" })),
  CardDeclined: { replaced: { payment: { charge: () => new CardDeclined({ reason: "stolen-card" }) } } },
  CartUnavailable: { replaced: { cart: { holdCart: () => new CartUnavailable() } } },
  PricingUnavailable: {
    request: { userCurrency: "EUR" },
    replaced: { currency: { convertBatch: () => Shop.silence } }
  },
  EarlierOrderUnsettled: {
    replaced: { cart: { holdCart: () => Effect.succeed({ cart: Shop.makeWorld().cart, heldBy: earlier }) } }
  },
  IdempotencyKeyReused: { after: { email: Redacted.make("other@example.com") } },
  AddressNotServed: { replaced: { shipping: { shipOrder: () => new AddressNotServed({ country: "AQ" }) } } },
  PaymentUnavailable: { replaced: { payment: { charge: () => Shop.silence } } },
  ShippingUnavailable: { replaced: { shipping: { shipOrder: () => Shop.silence } } },
  OrderInProgress: { replaced: { payment: { charge: () => Effect.never } } }
}

/** Writes down what is taken back, in the order in which it is. */
const watched = (undone: Array<Undo>, { payment, shipping, ...others }: Shop.Replaced = {}): Shop.Replaced => {
  const noted = <A>(undo: Undo, answer: A) =>
    Effect.as(
      Effect.sync(() => undone.push(undo)),
      answer
    )
  return {
    ...others,
    payment: {
      refund: () => noted("PaymentService.refund", { refundId: TransactionId.make("refund") }),
      void: () => noted("PaymentService.void", { refunded: false }),
      ...payment
    },
    shipping: { cancelShipment: () => noted("ShippingService.cancelShipment", { stopped: false }), ...shipping }
  }
}

const place = (request: Partial<Request> = {}) =>
  Effect.flatMap(CheckoutService, ({ placeOrder }) =>
    placeOrder({ ...Shop.order, idempotencyKey: IdempotencyKey.make("key-1234567890"), ...request })
  )

/** As long as it takes, at once; what can be done without waiting is done before the clock goes on. */
const hastened = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.raceFirst(effect, Effect.forever(Effect.zipRight(turn, TestClock.adjust("100 millis"))))

const turn = Effect.async<void>((resume) => void setImmediate(() => resume(Effect.void)))

describe("what is said of the money when an order is not placed", () => {
  for (const [tag, { after, replaced, request, world: bend }] of Record.toEntries(stories)) {
    it.effect(`${tag} is true`, () => {
      const [world, undone] = [Shop.makeWorld(), new Array<Undo>()]
      bend?.(world)
      return Effect.gen(function* () {
        if (after !== undefined) yield* place(after)
        const before = world.charged.size
        const failure = yield* hastened(Effect.flip(place(request)))
        assertEquals(failure._tag, tag)
        const facts = checkoutFacts[tag]
        deepStrictEqual(undone, facts.undone)
        const givenBack = undone.some((undo) => undo.startsWith("PaymentService."))
        assertEquals(givenBack, facts.charged === "given-back")
        if (!givenBack) assertEquals(world.charged.size, before)
      }).pipe(Effect.provide(Shop.checkout(world, watched(undone, replaced))))
    })
  }
})
