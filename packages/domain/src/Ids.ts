import { Schema } from "effect"

const text = (pattern: RegExp, what: string) =>
  Schema.String.pipe(Schema.pattern(pattern, { message: () => `not ${what}` }))

/** A product of the catalogue: up to 32 letters, digits, hyphens and underscores. */
export const ProductId = text(/^[A-Za-z0-9_-]{1,32}$/, "a product id").pipe(Schema.brand("ProductId"))
export type ProductId = typeof ProductId.Type

/** Whose cart and orders: what the website derives from a session, 1 to 128 visible ASCII characters. */
export const UserId = text(/^[!-~]{1,128}$/, "a user id").pipe(Schema.brand("UserId"))
export type UserId = typeof UserId.Type

/** A placed order: a random-looking UUID that nobody can guess. */
export const OrderId = text(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "an order id").pipe(Schema.brand("OrderId"))
export type OrderId = typeof OrderId.Type

/** A parcel: letters and digits, the last of them a check digit. */
export const TrackingId = text(/^[A-Z0-9]{8,32}$/, "a tracking id").pipe(Schema.brand("TrackingId"))
export type TrackingId = typeof TrackingId.Type

/** A charge as the payment network knows it. */
export const TransactionId = text(/^[!-~]{1,64}$/, "a transaction id").pipe(Schema.brand("TransactionId"))
export type TransactionId = typeof TransactionId.Type

/** What makes asking twice the same as asking once: 8 to 128 letters, digits, hyphens, underscores, dots and colons. */
export const IdempotencyKey = text(/^[A-Za-z0-9_.:-]{8,128}$/, "an idempotency key").pipe(
  Schema.brand("IdempotencyKey")
)
export type IdempotencyKey = typeof IdempotencyKey.Type
