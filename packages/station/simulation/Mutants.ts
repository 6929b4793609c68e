import * as Checkout from "@retro/checkoutservice/Checkout"
import * as Journal from "@retro/checkoutservice/Journal"
import * as PlaceOrder from "@retro/checkoutservice/PlaceOrder"
import type * as Step from "@retro/checkoutservice/Step"
import { CartService } from "@retro/contract/CartService"
import { CheckoutService } from "@retro/contract/CheckoutService"
import { EmailService } from "@retro/contract/EmailService"
import { CardDeclined, PaymentService } from "@retro/contract/PaymentService"
import { AddressNotServed, ShippingService } from "@retro/contract/ShippingService"
import { Address } from "@retro/domain/Address"
import { CartItem } from "@retro/domain/Cart"
import { IdempotencyKey, OrderId, TrackingId } from "@retro/domain/Ids"
import * as Money from "@retro/domain/Money"
import { Order, OrderItem } from "@retro/domain/Order"
import { DateTime, Effect } from "effect"
import * as Games from "./Games.ts"
import { type Mistake, type Mutant, swap } from "./Mutant.ts"
import type { Change } from "./Stores.ts"

/** Keys that nobody had before. */
const freshKeys = () => {
  let count = 0
  return () => IdempotencyKey.make(`fresh-key-${++count}`)
}

/** A shop with one service in which some rpcs are wrong. */
const service = (swapped: Mistake["swaps"]): Mistake => (swapped === undefined ? {} : { swaps: swapped })

type Definition = Effect.Effect.Success<typeof PlaceOrder.definition>

/** A shop that places orders by another definition. */
const order = (change: (definition: Definition) => Definition): Mistake => ({
  checkout: Checkout.layerOf(Effect.flatMap(Effect.map(PlaceOrder.definition, change), Journal.program))
})

/** The same, given a service. */
const orderWith = <I, S>(tag: Effect.Effect<S, never, I>, change: (definition: Definition, service: S) => Definition) =>
  Effect.zipWith(PlaceOrder.definition, tag, change)

const noFence = (): Change => (store) => {
  const owners = new Map<string, string>()
  const ownerOf = (id: string, owner: string) => owners.get(id) ?? owner
  const noting = <A extends { readonly _tag: string; readonly owner?: string }, E>(
    id: string,
    claim: Effect.Effect<A, E>
  ) => Effect.tap(claim, ({ owner }) => Effect.sync(() => owner !== undefined && owners.set(id, owner)))
  return {
    ...store,
    claim: (beginning) => noting(beginning.id, store.claim(beginning)),
    resume: (id) => noting(id, store.resume(id)),
    write: (id, owner, texts) => Effect.as(store.write(id, ownerOf(id, owner), texts), true),
    finish: (id, owner, texts) => Effect.as(store.finish(id, ownerOf(id, owner), texts), true),
    renew: (id, owner) => Effect.as(store.renew(id, ownerOf(id, owner)), true)
  }
}

/** The original's way and other plausible mistakes: each breaks a promise of checkout, and the simulation must see it. */
export const all: ReadonlyArray<Mutant> = [
  {
    name: "random idempotency key",
    make: () => {
      const fresh = freshKeys()
      return service([
        swap(PaymentService, ({ charge }) => ({ charge: (asked) => charge({ ...asked, idempotencyKey: fresh() }) }))
      ])
    }
  },
  {
    name: "time-out taken for a decline",
    make: () =>
      service([
        swap(PaymentService, ({ charge }) => ({
          charge: (asked) =>
            Effect.catchTag(charge(asked), "CallFailed", () => new CardDeclined({ reason: "insufficient-funds" }))
        }))
      ])
  },
  { name: "no fence", make: () => ({ journal: noFence() }) },
  {
    name: "undo on interruption",
    make: () => ({
      checkout: Checkout.layerOf(
        orderWith(PaymentService, (definition, payment) => ({
          ...definition,
          body: (id, input, step) =>
            Effect.onInterrupt(definition.body(id, input, step), () =>
              Effect.ignore(payment.refund({ idempotencyKey: IdempotencyKey.make(`${id}:charge`) }))
            )
        })).pipe(Effect.flatMap(Journal.program))
      )
    })
  },
  {
    name: "clear the whole cart",
    make: () =>
      service([swap(CartService, ({ emptyCart }) => ({ removeBought: ({ userId }) => emptyCart({ userId }) }))])
  },
  {
    name: "clear twice",
    make: () => {
      const fresh = freshKeys()
      return service([
        swap(CartService, ({ removeBought }) => ({
          removeBought: (asked) => removeBought({ ...asked, orderKey: fresh() })
        }))
      ])
    }
  },
  {
    name: "a cart sold while an earlier order of it is under way",
    make: () =>
      service([
        swap(CartService, ({ holdCart }) => ({
          holdCart: (asked) => Effect.map(holdCart(asked), (held) => ({ ...held, heldBy: asked.orderKey }))
        }))
      ])
  },
  {
    name: "mail before ship",
    make: () => ({
      checkout: Checkout.layerOf(
        orderWith(EmailService, (definition, email) => ({
          ...definition,
          body: (id, input, step) => {
            const idempotencyKey = IdempotencyKey.make(`${id}:mail`)
            const mail = Effect.flatMap(promised(id), (order) =>
              Effect.ignore(email.sendOrderConfirmation({ email: input.email, order, idempotencyKey }))
            )
            return definition.body(id, input, (which, action) =>
              which.name === PlaceOrder.ship.name ? Effect.zipRight(mail, step(which, action)) : step(which, action)
            )
          }
        })).pipe(Effect.flatMap(Journal.program))
      )
    })
  },
  {
    name: "refund without cancelling the shipment",
    make: () => service([swap(ShippingService, () => ({ cancelShipment: () => Effect.succeed({ stopped: false }) }))])
  },
  {
    name: "token in the fingerprint",
    make: () =>
      service([
        swap(PaymentService, ({ tokenize }) => ({
          tokenize: (asked) => Effect.map(tokenize(asked), (token) => ({ ...token, fingerprint: token.cardToken }))
        }))
      ])
  },
  {
    name: "journal written before the effect",
    make: () =>
      order((definition) => ({
        ...definition,
        afterwards: (id, input, answer, step) => definition.afterwards(id, input, answer, writtenFirst(id, step))
      }))
  },
  {
    name: "given up without writing so first",
    make: () => ({
      journal: (store) => ({
        ...store,
        write: (id, owner, texts) =>
          texts.some(([step]) => step.startsWith("give-up:")) ? Effect.succeed(true) : store.write(id, owner, texts)
      })
    })
  },
  {
    name: "a carrier that refuses now taken for one that will never ship",
    make: () =>
      service([
        swap(ShippingService, ({ shipOrder }) => ({
          shipOrder: (asked) =>
            Effect.catchTag(shipOrder(asked), "ShippingUnavailable", () => new AddressNotServed({ country: "" }))
        }))
      ])
  },
  {
    name: "D2: a failed shipment leaves the charge, and the next attempt charges again",
    make: () =>
      order((definition) => ({
        ...definition,
        body: (id, input, step) =>
          definition.body(id, input, (which, { undo: _never, ...action }) => step(which, action))
      }))
  },
  {
    name: "D4: each submit is an order of its own",
    make: () => {
      const fresh = freshKeys()
      return service([
        swap(CheckoutService, ({ placeOrder }) => ({
          placeOrder: (asked) => placeOrder({ ...asked, idempotencyKey: fresh() })
        }))
      ])
    }
  },
  {
    name: "D6: the cart is emptied, whatever is in it by then, and a failure to do so is ignored",
    make: () =>
      service([
        swap(CartService, ({ emptyCart }) => ({ removeBought: ({ userId }) => Effect.ignore(emptyCart({ userId })) }))
      ])
  }
]

/** Steps that are written down as done, and then done. Only steps without an answer can be. */
const writtenFirst =
  (id: string, step: Step.Step): Step.Step =>
  (which, action) =>
    Effect.suspend(() => {
      let isNew = false
      const key = IdempotencyKey.make(`${id}:${which.name}`)
      const written = step(which, {
        ...action,
        run: () =>
          Effect.suspend(() => {
            isNew = true
            return nothing
          })
      })
      // Another step, since what the first one wrote is with the store before that begins.
      const done = step({ ...which, name: `${which.name}-done` }, { run: () => action.run(key) })
      return Effect.tap(written, () => (isNew ? done : Effect.void))
    })

const nothing: Effect.Effect<never> = Effect.void as never

/** A confirmation of an order that is not shipped yet. */
const promised = (id: string) =>
  Effect.map(DateTime.now, (placedAt) => {
    const item = new CartItem({ productId: Games.all[0].id, quantity: 1 })
    const cost = Games.all[0].priceUsd
    return new Order({
      orderId: OrderId.make(id),
      shippingTrackingId: TrackingId.make("PROMISED"),
      items: [new OrderItem({ item, name: "", cost, lineTotal: cost })],
      shippingCost: Money.zero("USD"),
      total: cost,
      shippingAddress: new Address({
        recipient: "",
        streetAddress: "1 Main St",
        city: "Springfield",
        state: "",
        postalCode: "",
        country: "US"
      }),
      placedAt,
      cardBrand: "",
      cardLastFour: ""
    })
  })
