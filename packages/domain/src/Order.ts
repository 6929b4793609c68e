import { Either, Schema } from "effect"
import { AddressFromWire } from "./Address.ts"
import { CartItem } from "./Cart.ts"
import type { CurrencyCode } from "./Currency.ts"
import { OrderId, TrackingId } from "./Ids.ts"
import * as Money from "./Money.ts"
import { TimestampFromWire } from "./Timestamp.ts"

/** A bought line: what, how many, and its price in the shopper's currency. */
export class OrderItem extends Schema.Class<OrderItem>("OrderItem")({
  item: CartItem,
  name: Schema.String,
  /** Of one. */
  cost: Money.FromWire,
  lineTotal: Money.FromWire
}) {}

/**
 * For what is made of typed parts. Effect compiles the check of a class with encoded fields anew for each value, at five
 * times the cost of pricing a line.
 */
export const asTyped = { disableValidation: true }

/** An order as it was placed. */
export class Order extends Schema.Class<Order>("Order")({
  orderId: OrderId,
  shippingTrackingId: TrackingId,
  items: Schema.NonEmptyArray(OrderItem),
  shippingCost: Money.FromWire,
  /** What was charged. */
  total: Money.FromWire,
  shippingAddress: AddressFromWire,
  placedAt: TimestampFromWire,
  cardBrand: Schema.String,
  cardLastFour: Schema.String
}) {}

/** A cart with prices: what the page shows and what the card is charged. */
export interface Priced {
  readonly items: ReadonlyArray<OrderItem>
  readonly shippingCost: Money.Money
  /** All line totals plus shipping, exactly. */
  readonly total: Money.Money
}

/** What a line is made of before it is priced. */
export interface Line {
  readonly item: CartItem
  readonly name: string
  /** Of one, payable. */
  readonly cost: Money.Money
}

/**
 * Prices a cart: line = unit price × quantity, total = sum of the lines + shipping, all exact. Unit prices and shipping
 * come rounded to the minor unit, so the displayed figures add up in every currency. The one place where totals are made.
 */
export const price = (
  currencyCode: CurrencyCode,
  lines: ReadonlyArray<Line>,
  shippingCost: Money.Money
): Either.Either<Priced, Money.AmountOutOfRange | Money.CurrencyMismatch> =>
  Either.gen(function* () {
    const items: Array<OrderItem> = []
    for (const { cost, item, name } of lines) {
      items.push(new OrderItem({ item, name, cost, lineTotal: yield* Money.multiply(cost, item.quantity) }, asTyped))
    }
    const total = yield* Money.sum(currencyCode, [...items.map((item) => item.lineTotal), shippingCost])
    return { items, shippingCost, total }
  })
