import type { CartItem } from "@retro/domain/Cart"
import type { Order } from "@retro/domain/Order"
import * as Money from "@retro/domain/Money"
import { Effect, Schedule } from "effect"
import { createHash } from "node:crypto"
import * as RedisServer from "../../redis/test/RedisServer.ts"
import { increment } from "../simulation/Trace.ts"
import type { Books } from "./Books.ts"
import type { Fleet } from "./Fleet.ts"
import * as Shopper from "./Shopper.ts"

/** What stands at the end, and the promises that it breaks, in words. */
export interface Findings {
  readonly broken: ReadonlyArray<string>
  readonly counts: ReadonlyMap<string, number>
}

/** How long orders may take to come to rest once nothing is wrong any more. */
const patience = "120 seconds"

/** Asks everybody once all faults are over: shop, issuer, carrier, mail server and carts must tell one story. */
export const check = Effect.fnUntraced(function* (fleet: Fleet, shoppers: ReadonlyArray<Shopper.Shopper>) {
  const counts = new Map<string, number>()
  const unfinished = yield* journalsAtRest(fleet)
  const each = yield* Effect.forEach(shoppers, (shopper) => brokenTo(shopper, counts), { concurrency: 4 })
  const orders = each.flatMap(({ orders }) => orders)
  const findings: Findings = {
    counts: summary(fleet.books, counts),
    broken: [...unfinished, ...each.flatMap(({ broken }) => broken), ...inTheBooks(fleet.books, orders)]
  }
  return findings
})

const shards = [0, 1, 2, 3, 4, 5, 6, 7]

/** What is left to be done, or was given up, after all patience. */
const journalsAtRest = Effect.fnUntraced(function* ({ redis }: Fleet) {
  const client = yield* RedisServer.client(redis.port)
  const sizeOf = (kind: string) =>
    Effect.map(
      Effect.forEach(shards, (shard) => Effect.promise(() => client.zcard(`journals:{${shard}}:${kind}`))),
      (sizes) => sizes.reduce((sum, size) => sum + size, 0)
    )
  const parked = sizeOf("parked")
  // A parked journal waits for an operator.
  const left = yield* Effect.zipWith(sizeOf("unfinished"), parked, (all, parked) => Math.max(0, all - parked)).pipe(
    // What was found last, not how often was looked.
    Effect.repeat({
      schedule: Schedule.zipRight(Schedule.spaced("250 millis"), Schedule.identity<number>()),
      until: (size) => size === 0
    }),
    Effect.timeoutTo({ duration: patience, onSuccess: (size) => size, onTimeout: () => NaN })
  )
  const waiting = yield* parked
  return [
    ...(left === 0 ? [] : ["some orders never come to rest"]),
    ...(waiting === 0 ? [] : [`${waiting} orders are parked`])
  ]
}, Effect.scoped)

/** What one shopper can find fault with, and the orders that they have. */
const brokenTo = Effect.fnUntraced(function* (shopper: Shopper.Shopper, counts: Map<string, number>) {
  const sure = Schedule.intersect(Schedule.spaced("300 millis"), Schedule.recurs(50))
  const ask = <A, E>(question: Effect.Effect<A, E>) => Effect.orDie(Effect.retry(question, sure))
  const { browser, intents, name } = shopper
  increment(counts, "order forms sent", intents.length)

  const told = [...new Set(intents.flatMap(({ order }) => order ?? []))]
  const broken = yield* Effect.forEach(
    told,
    (path) =>
      Effect.map(ask(Shopper.statusOf(browser, path)), ({ email, state }) => {
        increment(counts, `told of an order: ${state}`, 1)
        return state === "failed" || (state === "completed" && email === "sent")
          ? []
          : [`${name}: ${path} rests ${state}`]
      }),
    { concurrency: 2 }
  )
  // Sent once more, a form that became an order is that order again.
  const again = yield* Effect.forEach(intents, ({ form, order }) =>
    order === undefined
      ? Effect.succeed([])
      : Effect.map(browser.post("/cart/checkout", form), (page) =>
          page.status !== 303 || page.location === order || page.location === null
            ? []
            : [`${name}: ${order} is ${page.location} when its form is sent again`]
        )
  )
  const statuses = yield* ask(Shopper.ordersOf(browser))
  const orders = statuses.flatMap(({ order, state }) => (order === undefined || state !== "completed" ? [] : [order]))
  increment(counts, "orders completed", orders.length)
  const items = yield* ask(Shopper.cartOf(browser))
  return { orders, broken: [...broken, ...again, cartLines(shopper, orders, items), tooMany(shopper, orders)].flat() }
})

/** More orders than forms: one was bought twice. */
const tooMany = ({ intents, name }: Shopper.Shopper, orders: ReadonlyArray<Order>) => {
  const forms = new Set(intents.map(({ form }) => form["idempotency_key"])).size
  return orders.length <= forms ? [] : [`${name}: ${orders.length} orders of ${forms} forms`]
}

/** What was put into the cart was bought or is still there. */
const cartLines = ({ added, name }: Shopper.Shopper, orders: ReadonlyArray<Order>, cart: ReadonlyArray<CartItem>) => {
  const there = new Map<string, number>()
  for (const { productId, quantity } of [...cart, ...orders.flatMap(({ items }) => items.map(({ item }) => item))])
    increment(there, productId, quantity)
  return [...new Set([...there.keys(), ...added.keys()])].flatMap((id) => {
    const [now, { perhaps, sure }] = [there.get(id) ?? 0, added.get(id) ?? { sure: 0, perhaps: 0 }]
    return now >= sure && now <= sure + perhaps
      ? []
      : [`${name}: ${now} of ${id} in cart and orders, where ${sure} to ${sure + perhaps} were added`]
  })
}

/** Charged and kept, on its way, written about: exactly what the completed orders say. */
export const inTheBooks = (
  { charges, mails, parcels }: Pick<Books, "charges" | "parcels" | "mails">,
  orders: ReadonlyArray<Order>
): ReadonlyArray<string> => {
  const known = new Set<string>(orders.map(({ orderId }) => orderId))
  const stray = (what: string, keys: Iterable<string>) =>
    [...keys].filter((key) => !known.has(key.split(":", 1)[0] ?? "")).map((key) => `${what} for no order: ${key}`)
  const kept = [...charges].flatMap(([key, { refunded }]) => (refunded ? [] : [key]))
  const going = [...parcels].flatMap(([key, { stopped }]) => (stopped ? [] : [key]))
  const ids = new Set(orders.map(({ orderId }) => mailOf(orderId)))
  const strayMails = [...mails.keys()].filter((id) => !ids.has(id)).map((id) => `mail ${id} is about no order`)
  return [
    ...(known.size === orders.length ? [] : ["an order is listed twice"]),
    ...stray("charged", kept),
    ...stray("shipped", going),
    ...strayMails,
    ...orders.flatMap((order) => missing(order, { charges, parcels, mails }))
  ]
}

const missing = (
  { orderId, shippingTrackingId, total }: Order,
  { charges, mails, parcels }: Pick<Books, "charges" | "parcels" | "mails">
) => {
  const [charge, parcel] = [charges.get(`${orderId}:charge`), parcels.get(`${orderId}:ship`)]
  return [
    ...(charge !== undefined && !charge.refunded ? [] : [`${orderId} is completed and not charged`]),
    ...(charge === undefined || charge.amount === Money.format(total) ? [] : [`${orderId} is charged another amount`]),
    ...(parcel !== undefined && !parcel.stopped ? [] : [`${orderId} is completed and not shipped`]),
    ...(parcel === undefined || parcel.trackingId === shippingTrackingId ? [] : [`${orderId} names another parcel`]),
    ...(mails.has(mailOf(orderId)) ? [] : [`${orderId} has no mail`])
  ]
}

/** The Message-ID of an order's mail. */
export const mailOf = (orderId: string) =>
  createHash("sha256").update(`mail ${orderId}:mail`).digest("hex").slice(0, 32)

const summary = ({ charges, mails, parcels }: Books, counts: Map<string, number>) => {
  const taken = [...charges.values()].filter(({ refunded }) => refunded).length
  const stopped = [...parcels.values()].filter(({ stopped }) => stopped).length
  const repeats = [...mails.values()].reduce((sum, times) => sum + times - 1, 0)
  counts.set("charges kept", charges.size - taken)
  counts.set("charges given back", taken)
  counts.set("parcels under way", parcels.size - stopped)
  counts.set("parcels stopped", stopped)
  counts.set("mails", mails.size)
  counts.set("mails that came again under their id", repeats)
  return counts
}
