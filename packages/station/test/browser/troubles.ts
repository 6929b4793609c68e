import type { Vitest } from "@effect/vitest"
import { CartService } from "@retro/contract/CartService"
import { CheckoutService, OrderNotFound, OrderStatus } from "@retro/contract/CheckoutService"
import { CallFailed } from "@retro/contract/Contract"
import { ShippingService, TrackingNotFound } from "@retro/contract/ShippingService"
import { Address as PostalAddress } from "@retro/domain/Address"
import { CartItem } from "@retro/domain/Cart"
import { OrderId, ProductId, TrackingId } from "@retro/domain/Ids"
import * as Money from "@retro/domain/Money"
import { Order, OrderItem } from "@retro/domain/Order"
import * as Frontend from "@retro/frontend/Frontend"
import { HttpServer } from "@retro/frontend/HttpServer"
import { ConfigProvider, DateTime, Effect, Either, Layer, Logger, LogLevel } from "effect"
import * as Station from "../../src/Station.ts"
import * as Stores from "../../src/Stores.ts"
import type { Chromium } from "./Chromium.ts"
import { hold, opened, type States } from "./pages.ts"
import { Address } from "./Visit.ts"

const usd = (cents: number) => Either.getOrThrow(Money.fromNanos("USD", BigInt(cents) * 10_000_000n))

const line = (id: string, name: string, quantity: number, cents: number) =>
  new OrderItem({
    item: new CartItem({ productId: ProductId.make(id), quantity }),
    name,
    cost: usd(cents),
    lineTotal: usd(quantity * cents)
  })

const order = (orderId: OrderId) =>
  new Order({
    orderId,
    shippingTrackingId: TrackingId.make("RS12345678"),
    items: [
      line("1YMWWN1N4O", "Nachtzug 41: Conductor's Edition", 2, 10999),
      line("OLJCESPC7Z", "Skarn Light", 1, 1999)
    ],
    shippingCost: usd(899),
    total: usd(24896),
    shippingAddress: new PostalAddress({
      recipient: "Łucja O'Brien-Featherstonehaugh",
      streetAddress: "Donaudampfschifffahrtsgesellschaftsstraße 221",
      city: "Llanfairpwllgwyngyll",
      state: "",
      postalCode: "LL61 5UJ",
      country: "GB"
    }),
    placedAt: DateTime.unsafeMake("2026-11-27T02:22:00Z"),
    cardBrand: "amex",
    cardLastFour: "0005"
  })

/** How an order can stand, by what the page about it is called here. */
const standings = {
  "in progress": { state: "in-progress", payment: "pending", shipment: "pending", email: "pending" },
  "waiting to be sent": { state: "in-progress", payment: "charged", shipment: "shipped", email: "pending" },
  "held up": { state: "parked", payment: "charged", shipment: "pending", email: "pending" },
  declined: { state: "failed", payment: "declined", shipment: "not-shipped", email: "not-sent" },
  "given back": { state: "failed", payment: "refunded", shipment: "cancelled", email: "not-sent" },
  "being given back": { state: "failed", payment: "charged", shipment: "cancelled", email: "not-sent" },
  "without an e-mail": { state: "completed", payment: "charged", shipment: "shipped", email: "failed" }
} as const

const statuses = Object.entries(standings).map(([name, standing], index) => {
  const orderId = OrderId.make(`0b8ac4ba-6b6b-4c4f-9b57-9f1f4a0d7d1${index}`)
  const known = standing.state === "completed" ? order(orderId) : undefined
  return { name, status: new OrderStatus({ ...standing, orderId, order: known, failure: "" }) }
})

/** Orders in every standing, for everybody. */
const orders = Layer.mock(CheckoutService, {
  getOrder: ({ orderId }) => {
    const found = statuses.find(({ status }) => status.orderId === orderId)
    return found === undefined ? new OrderNotFound({ orderId }) : Effect.succeed({ status: found.status })
  },
  listOrders: () => Effect.succeed({ orders: statuses.map(({ status }) => status), hasEarlier: false })
})

const journeys = {
  RS12345678: ["label-created", "picked-up", "in-transit", "out-for-delivery", "delivered"],
  RS12345679: ["label-created", "picked-up", "cancelled"],
  RS12345670: []
} as const

/** Parcels that arrived, that were stopped, and that nobody has seen. */
const parcels = Layer.mock(ShippingService, {
  getTracking: ({ trackingId }) => {
    const stages = Object.entries(journeys).find(([id]) => id === trackingId)?.[1]
    const at = DateTime.unsafeMake("2026-11-27T02:22:00Z")
    return stages === undefined
      ? new TrackingNotFound({ trackingId })
      : Effect.succeed({ trackingId, events: stages.map((stage) => ({ stage, at })) })
  }
})

const carts = Layer.mock(CartService, { getCart: () => new CallFailed({ path: "", code: 14 }) })

/** A shop where nobody finds their cart, and whose orders stand in every way they can. */
export const layer = Layer.effect(
  Address,
  Effect.map(HttpServer, ({ port }) => `http://localhost:${port}`)
).pipe(
  Layer.provide(Frontend.layer),
  Layer.provide(Layer.mergeAll(carts, orders, parcels)),
  Layer.provide(Station.services(Station.fused)),
  Layer.provide(Layer.merge(Stores.inMemory, Stores.bundled)),
  Layer.provide(Logger.minimumLogLevel(LogLevel.None)),
  Layer.provide(
    Layer.setConfigProvider(
      ConfigProvider.fromMap(
        new Map([
          ["PORT", "0"],
          ["ENV_PLATFORM", "gcp"],
          ["CLUSTER_NAME", "station-cluster-with-a-long-name"],
          ["ZONE", "europe-west4-a"],
          ["POD_NAME", "frontend-7d9c8b6f5d-x2x4z"],
          ["BANNER_COLOR", "#3cc7b0"]
        ])
      )
    )
  )
)

const states: States = {
  "home without a cart": opened("/"),
  "out of reach": opened("/cart"),
  "orders in every state": opened("/orders"),
  "a parcel delivered": opened("/track/RS12345678"),
  "a parcel stopped": opened("/track/RS12345679"),
  "a parcel not seen yet": opened("/track/RS12345670"),
  ...Object.fromEntries(statuses.map(({ name, status }) => [`an order ${name}`, opened(`/order/${status.orderId}`)]))
}

/** The pages of a shop that has its troubles. */
export const troubles = (it: Vitest.MethodsNonLive<Chromium | Address, true>) => hold(it, states)
