import { Address } from "@retro/domain/Address"
import { CartItem } from "@retro/domain/Cart"
import { CreditCard } from "@retro/domain/CreditCard"
import { IdempotencyKey, OrderId, ProductId, TrackingId, UserId } from "@retro/domain/Ids"
import * as Money from "@retro/domain/Money"
import { Order, OrderItem } from "@retro/domain/Order"
import { DateTime, Either, Redacted } from "effect"

/** What is bought wherever the bench places orders. */
export const item = new CartItem({ productId: ProductId.make("OLJCESPC7Z"), quantity: 2 })

export const address = new Address({
  recipient: "B. Ench",
  streetAddress: "1 Main St",
  city: "Springfield",
  state: "",
  postalCode: "01234",
  country: "US"
})

export const email = Redacted.make("bench@example.com")

export const card = new CreditCard({
  number: Redacted.make("4432801561520454"),
  securityCode: Redacted.make("672"),
  expirationYear: 2099,
  expirationMonth: 1
})

/** An order for it, but for whose, when and under which key. */
export const request = {
  userCurrency: "EUR" as const,
  address,
  email,
  creditCard: card,
  cartVersion: undefined,
  shownTotal: undefined
}

/** What stands in messages whose sender changes it. */
export const key = IdempotencyKey.make("00000000-0000-4000-8000-000000000000")
export const userId = UserId.make("somebody")

/** In the currency that is paid in, and in the catalogue's. */
export const total = Either.getOrThrow(Money.make("EUR", 50n, 0))
export const price = Either.getOrThrow(Money.make("USD", 19n, 990_000_000))
export const shipping = Either.getOrThrow(Money.make("USD", 6n, 500_000_000))

/** As a confirmation shows it. */
export const order = new Order({
  orderId: OrderId.make("00000000-0000-4000-8000-000000000000"),
  shippingTrackingId: TrackingId.make("RS7K2M9QX4T"),
  items: [new OrderItem({ item, name: "Skarn Light", cost: total, lineTotal: total })],
  shippingCost: total,
  total,
  shippingAddress: address,
  placedAt: DateTime.unsafeMake("2025-11-22T17:03:00Z"),
  cardBrand: "visa",
  cardLastFour: "0454"
})
