import { Address } from "@retro/domain/Address"
import { CartItem } from "@retro/domain/Cart"
import { IdempotencyKey, OrderId, ProductId, TrackingId } from "@retro/domain/Ids"
import * as Money from "@retro/domain/Money"
import { Order, OrderItem } from "@retro/domain/Order"
import { DateTime, Either, Redacted } from "effect"

export const money = (units: number, nanos = 0, currency: "USD" | "JPY" = "USD") =>
  Either.getOrThrow(Money.make(currency, BigInt(units), nanos))

const line = (id: string, name: string, quantity: number, cost: Money.Money) =>
  new OrderItem({
    item: new CartItem({ productId: ProductId.make(id), quantity }),
    name,
    cost,
    lineTotal: Either.getOrThrow(Money.multiply(cost, quantity))
  })

/** Two games to somebody whose name and street must be found nowhere but in the message. */
export const order = (changed: Partial<ConstructorParameters<typeof Order>[0]> = {}) =>
  new Order({
    orderId: OrderId.make("0f8b7c1e-3d5a-4b6c-9e21-7a4c5d6e7f80"),
    shippingTrackingId: TrackingId.make("A1B2C3D4E5F6G"),
    items: [
      line("OLJCESPC7Z", "Moon & Meadow", 2, money(19, 990_000_000)),
      line("66VCHSJNUP", "<b>Bit</b> Rally", 1, money(5))
    ],
    shippingCost: money(8, 990_000_000),
    total: money(53, 970_000_000),
    shippingAddress: new Address({
      recipient: "Ada Canary",
      streetAddress: '1 "Canary" <Wharf>',
      city: "London",
      state: "",
      postalCode: "E14 5AB",
      country: "GB"
    }),
    placedAt: DateTime.unsafeMake("2026-11-22T23:30:00Z"),
    cardBrand: "visa",
    cardLastFour: "0454",
    ...changed
  })

export const yenOrder = order({
  items: [line("OLJCESPC7Z", "", 3, money(2235, 0, "JPY"))],
  shippingCost: money(1405, 0, "JPY"),
  total: money(8110, 0, "JPY"),
  cardLastFour: "",
  cardBrand: ""
})

export const email = Redacted.make("ada.canary@example.com")

export const idempotencyKey = IdempotencyKey.make("order-0001")

export const confirmation = { email, order: order(), idempotencyKey }
