import { CartStore } from "@retro/cartservice/CartStore"
import { CartUnavailable } from "@retro/contract/CartService"
import { CallFailed } from "@retro/contract/Contract"
import { MailUnavailable } from "@retro/contract/EmailService"
import { CardDeclined } from "@retro/contract/PaymentService"
import { ShippingUnavailable } from "@retro/contract/ShippingService"
import { codes } from "@retro/contract/Status"
import type { CartItem } from "@retro/domain/Cart"
import { TrackingId, TransactionId } from "@retro/domain/Ids"
import * as Money from "@retro/domain/Money"
import * as Mailer from "@retro/emailservice/Mailer"
import { PaymentGateway } from "@retro/paymentservice/PaymentGateway"
import { Carrier } from "@retro/shippingservice/Carrier"
import { Context, Effect, Layer, Option, Redacted } from "effect"
import type { Operation } from "./Port.ts"
import { increment, short, type Trace } from "./Trace.ts"
import type { Storm } from "./Weather.ts"

/** Money that moved. */
export interface Charge {
  readonly transactionId: TransactionId
  /** Of the card: one per shopper. */
  readonly instrument: string
  readonly amount: string
  refunded: boolean
}

/** A parcel on its way. */
export interface Parcel {
  readonly trackingId: TrackingId
  readonly recipient: string
  stopped: boolean
}

/** What really happened, as issuer, carrier, mail server and cart store know it: nothing of it is a service's own word. */
export interface World {
  readonly charges: Map<string, Charge>
  readonly parcels: Map<string, Parcel>
  /** By message id, as a mail server tells one that comes twice. */
  readonly mails: Map<string, Mailer.Mail>
  /** How many of each product were put into a shopper's cart: "shopper product". */
  readonly added: Map<string, number>
}

/** A world where nothing has happened. */
export const make = (): World => ({ charges: new Map(), parcels: new Map(), mails: new Map(), added: new Map() })

/** The outside parties as the services meet them. */
export const layer = (world: World, operation: Operation, storm: Storm, trace: Trace) =>
  Layer.mergeAll(
    Layer.succeed(PaymentGateway, issuer(world, operation, storm, trace)),
    Layer.succeed(Carrier, carrier(world, operation, trace)),
    Layer.succeed(Mailer.Mailer, mailServer(world, operation, trace))
  )

const silence = new CallFailed({ path: "", code: codes.DEADLINE_EXCEEDED })

const issuer = (world: World, operation: Operation, storm: Storm, trace: Trace): typeof PaymentGateway.Service => {
  const verdicts = new Map<string, Effect.Effect<TransactionId, CardDeclined>>()
  const refund = (charge: Charge) => {
    if (!charge.refunded) trace.did("issuer", `refunds ${charge.amount} of ${charge.instrument}`)
    charge.refunded = true
    return TransactionId.make(`refund-of-${charge.transactionId}`)
  }
  const decide = (key: string, instrument: string, amount: string) => {
    if (instrument.startsWith("poor") || storm.declines()) {
      trace.did("issuer", `declines ${amount} of ${instrument}`)
      return Effect.fail(new CardDeclined({ reason: "insufficient-funds" }))
    }
    const transactionId = TransactionId.make(`charge-${world.charges.size + 1}`)
    world.charges.set(key, { transactionId, instrument, amount, refunded: false })
    trace.did("issuer", `charges ${amount} of ${instrument} for ${short(key)}`)
    return Effect.succeed(transactionId)
  }
  return {
    enroll: (number) => Effect.sync(() => instrumentOf(Redacted.value(number))),
    charge: ({ amount, instrument, key }) =>
      operation(
        { where: "issuer, charge", silence },
        Effect.suspend(() => {
          const verdict = verdicts.get(key) ?? decide(key, instrument, Money.format(amount))
          verdicts.set(key, verdict)
          return verdict
        })
      ),
    refund: (transactionId) =>
      operation(
        { where: "issuer, refund", silence },
        Effect.sync(() => {
          for (const charge of world.charges.values()) if (charge.transactionId === transactionId) refund(charge)
          return TransactionId.make(`refund-of-${transactionId}`)
        })
      ),
    cancel: (key) =>
      operation(
        { where: "issuer, cancel", silence },
        Effect.sync(() => {
          verdicts.set(key, Effect.fail(new CardDeclined({ reason: "stolen-card" })))
          trace.did("issuer", `takes no charge for ${short(key)} any more`)
          return Option.map(Option.fromNullable(world.charges.get(key)), refund)
        })
      )
  }
}

/** Names the card as the trace may show it. */
export const instrumentOf = (number: string): string =>
  `${number.slice(0, 6) === poorPrefix ? "poor" : "good"} card ${number.slice(-4)}`

/** Cards that begin like this have no funds. */
export const poorPrefix = "443280"

const carrier = (world: World, operation: Operation, trace: Trace): typeof Carrier.Service => {
  const refused = new Set<string>()
  return {
    ship: ({ address, key }) =>
      operation(
        { where: "carrier, ship", silence, refusal: { answer: new ShippingUnavailable(), by: "striking" } },
        Effect.suspend(() => {
          const known = world.parcels.get(key)
          if (known !== undefined) return Effect.succeed(known.trackingId)
          if (refused.has(key)) return new ShippingUnavailable()
          const trackingId = TrackingId.make(`PARCEL${String(world.parcels.size + 1).padStart(4, "0")}`)
          world.parcels.set(key, { trackingId, recipient: address.recipient, stopped: false })
          trace.did("carrier", `takes ${trackingId} to ${address.recipient} for ${short(key)}`)
          return Effect.succeed(trackingId)
        })
      ),
    stop: (key) =>
      operation(
        { where: "carrier, stop", silence },
        Effect.sync(() => {
          refused.add(key)
          const parcel = world.parcels.get(key)
          trace.did(
            "carrier",
            `${parcel === undefined ? "takes nothing" : `stops ${parcel.trackingId}`} for ${short(key)}`
          )
          if (parcel === undefined) return false
          parcel.stopped = true
          return true
        })
      ),
    find: () => Effect.succeedNone
  }
}

const mailServer = (world: World, operation: Operation, trace: Trace): typeof Mailer.Mailer.Service => ({
  send: (mail) =>
    operation(
      { where: "mail server, send", silence, refusal: { answer: new MailUnavailable(), by: "refusing" } },
      Effect.sync(() => {
        trace.did("mail server", `${world.mails.has(mail.id) ? "knows" : "takes"} "${mail.subject}"`)
        if (world.mails.has(mail.id)) trace.count("mail handed over again under its id")
        world.mails.set(mail.id, mail)
      })
    )
})

/** The carts as cartservice meets them, watched. */
export const carts = (world: World, operation: Operation, trace: Trace) =>
  Layer.effect(
    CartStore,
    Effect.map(CartStore, (store) => {
      const silence = new CartUnavailable()
      const change = <A, E>(where: string, effect: Effect.Effect<A, E>) =>
        operation({ where: `cart store, ${where}`, silence, refusal: { answer: silence, by: "refusing" } }, effect)
      const noted = (userId: string, { productId, quantity }: CartItem) =>
        Effect.sync(() => {
          increment(world.added, `${userId} ${productId}`, quantity)
          trace.did("cart store", `adds ${quantity} of ${productId} for ${userId}`)
        })
      return {
        ...store,
        add: (userId, item) => change("add", Effect.tap(store.add(userId, item), noted(userId, item))),
        set: (userId, productId, quantity) => change("set", store.set(userId, productId, quantity)),
        get: (userId) => change("get", store.get(userId)),
        empty: (userId) => change("empty", store.empty(userId)),
        hold: (userId, orderKey, insteadOf) => change("hold", store.hold(userId, orderKey, insteadOf)),
        removeBought: (userId, orderKey, lines) =>
          change(
            "remove",
            Effect.tap(store.removeBought(userId, orderKey, lines), () =>
              Effect.sync(() => trace.did("cart store", `takes out what ${short(orderKey)} bought`))
            )
          )
      }
    })
  )

/** The carts themselves, past all weather. */
export class Carts extends Context.Tag("@retro/station/simulation/Carts")<Carts, typeof CartStore.Service>() {}
