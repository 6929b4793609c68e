import { CheckoutService, type OrderStatus } from "@retro/contract/CheckoutService"
import type { Order } from "@retro/domain/Order"
import * as Money from "@retro/domain/Money"
import { Array, Effect, Redacted } from "effect"
import * as Shopper from "./Shopper.ts"
import type { Journals } from "./Stores.ts"
import { increment, short, type Trace } from "./Trace.ts"
import { Carts, type World } from "./World.ts"

/** The promises that are broken now that all is quiet, in words. What is true is asked of the world, not of the services. */
export const broken = Effect.fnUntraced(function* (
  world: World,
  journals: Journals,
  shoppers: ReadonlyArray<Shopper.Shopper>,
  trace: Trace
) {
  const each = yield* Effect.forEach(shoppers, (shopper) => brokenTo(shopper, world, trace))
  const owned = new Set(shoppers.flatMap(({ name }) => [name]))
  const strangers = [...world.parcels.values()].filter(({ recipient }) => !owned.has(recipient))
  return [
    ...[...journals.begun].filter((id) => !journals.finished.has(id)).map((id) => `journal ${short(id)} never ends`),
    ...strangers.map(({ recipient }) => `a parcel goes to ${recipient}, who bought nothing`),
    ...each.flat()
  ]
})

const brokenTo = Effect.fnUntraced(function* (shopper: Shopper.Shopper, world: World, trace: Trace) {
  const checkout = yield* CheckoutService
  const carts = yield* Carts
  const { orders: statuses } = yield* checkout.listOrders({ userId: shopper.userId })
  for (const { payment, state } of statuses) trace.count(`order at rest: ${state}, ${payment}`)
  const orders = statuses.flatMap(({ order }) => order ?? [])
  const cart = yield* carts.get(shopper.userId)
  const facts = [
    ...unfinished(statuses),
    ...money(shopper, orders, world),
    ...parcels(shopper, orders, world),
    ...mails(shopper, orders, world),
    ...cartLines(shopper, orders, cart.items, world)
  ]
  const answers = yield* Effect.forEach(shopper.intents, (intent) =>
    Effect.map(Shopper.askAgain(intent, orders.length > 0), (atRest) => ({ intent, atRest }))
  )
  return [...facts, ...answersAtRest(answers), ...oneOrderEach(orders, answers)].map(
    (what) => `${shopper.name}: ${what}`
  )
})

/** Every order that a shopper is shown has come to its end, and an order that is answered is complete. */
const unfinished = (statuses: ReadonlyArray<OrderStatus>) =>
  statuses
    .filter(({ email, payment, shipment, state }) =>
      state === "completed" ? `${payment} ${shipment} ${email}` !== "charged shipped sent" : state !== "failed"
    )
    .map(
      ({ email, orderId, payment, shipment, state }) =>
        `order ${short(orderId)} rests ${state}, ${payment}, ${shipment}, e-mail ${email}`
    )

/** What stays charged is what the completed orders cost, each once. */
const money = ({ name }: Shopper.Shopper, orders: ReadonlyArray<Order>, world: World) => {
  const cards = Shopper.cardsOf(name)
  const kept = [...world.charges.values()].filter(({ instrument, refunded }) => cards.has(instrument) && !refunded)
  return difference(
    kept.map(({ amount }) => amount),
    orders.map(({ total }) => Money.format(total)),
    (amount) => `${amount} stays charged for no order`,
    (amount) => `an order of ${amount} is not charged`
  )
}

/** What is on its way is what the completed orders say, each once. */
const parcels = ({ name }: Shopper.Shopper, orders: ReadonlyArray<Order>, world: World) =>
  difference(
    [...world.parcels.values()]
      .filter(({ recipient, stopped }) => recipient === name && !stopped)
      .map((parcel) => parcel.trackingId),
    orders.map(({ shippingTrackingId }) => shippingTrackingId),
    (parcel) => `${parcel} is on its way for no order`,
    (parcel) => `an order says that ${parcel} is on its way`
  )

/** Each completed order has its one e-mail, and nothing else has. */
const mails = ({ name }: Shopper.Shopper, orders: ReadonlyArray<Order>, world: World) =>
  difference(
    [...world.mails.values()]
      .filter(({ to }) => Redacted.value(to) === `${name}@example.com`)
      .map(({ subject }) => subject.slice(-8).toLowerCase()),
    orders.map(({ orderId }) => orderId.slice(0, 8)),
    (id) => `an e-mail too many says that ${id} is on its way`,
    (id) => `order ${id} has no e-mail`
  )

/** The cart holds what was added and not bought. */
const cartLines = (
  { name }: Shopper.Shopper,
  orders: ReadonlyArray<Order>,
  lines: Order["items"][number]["item"][] | ReadonlyArray<Order["items"][number]["item"]>,
  world: World
) => {
  const expected = new Map<string, number>()
  for (const [key, quantity] of world.added) {
    const [userId = "", productId = ""] = key.split(" ")
    if (userId === name) increment(expected, productId, quantity)
  }
  for (const { item } of orders.flatMap(({ items }) => items)) increment(expected, item.productId, -item.quantity)
  for (const { productId, quantity } of lines) increment(expected, productId, -quantity)
  return [...expected].flatMap(([productId, missing]) =>
    missing === 0
      ? []
      : [
          missing > 0
            ? `the cart lost ${missing} of ${productId}`
            : `the cart holds ${-missing} of ${productId} too many`
        ]
  )
}

interface AtRest {
  readonly intent: Shopper.Intent
  /** For each of its requests. */
  readonly atRest: ReadonlyArray<string>
}

/** What was answered is what is answered now; and only another body is told that its key is in use. */
const answersAtRest = (intents: ReadonlyArray<AtRest>) =>
  intents.flatMap(({ atRest, intent: { answers, requests } }) =>
    requests.flatMap(({ idempotencyKey = "no key" }, index) => {
      const now = atRest[index] ?? ""
      // Without a key a failure stands for nothing: the same request again is a new attempt.
      const told = [...new Set(answers[index])].filter(
        (answer) => idempotencyKey !== "no key" || answer.startsWith("order")
      )
      const wrong = told.filter((answer) => answer !== now)
      return [
        ...wrong.map((answer) => `${idempotencyKey} was answered "${short(answer)}" and rests as "${short(now)}"`),
        ...(now === "IdempotencyKeyReused" && requests.length === 1 ? [`${idempotencyKey} is in use by itself`] : [])
      ]
    })
  )

/**
 * Each completed order is what one order form rests as. A form that nobody heard of until it was asked about again is
 * bought by asking: that order is none of these.
 */
const oneOrderEach = (orders: ReadonlyArray<Order>, intents: ReadonlyArray<AtRest>) => {
  const rested = orders.map(({ orderId }) => `order ${orderId}`)
  const ordersOf = ({ atRest, intent }: AtRest) =>
    [...new Set(atRest)].filter(
      (answer) => answer.startsWith("order") && (rested.includes(answer) || intent.answers.flat().length > 0)
    )
  const [keyed, keyless] = Array.partition(intents, ({ intent }) => intent.requests.some(isKeyless))
  return difference(
    rested,
    [...new Set(keyless.flatMap(ordersOf)), ...keyed.flatMap(ordersOf)],
    (order) => `${short(order)} belongs to no order form`,
    (order) => `a form rests as ${short(order)}, which is no order of its own`
  )
}

const isKeyless = ({ idempotencyKey }: Shopper.Intent["requests"][number]) => idempotencyKey === undefined

/** Compares two lists as bags. */
const difference = (
  found: ReadonlyArray<string>,
  expected: ReadonlyArray<string>,
  tooMuch: (value: string) => string,
  missing: (value: string) => string
) => {
  const counts = new Map<string, number>()
  for (const value of found) increment(counts, value, 1)
  for (const value of expected) increment(counts, value, -1)
  return [...counts].flatMap(([value, count]) =>
    count === 0 ? [] : Array.makeBy(Math.abs(count), () => (count > 0 ? tooMuch(value) : missing(value)))
  )
}
