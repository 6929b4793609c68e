import type { Address } from "@retro/domain/Address"
import * as Country from "@retro/domain/Country"
import * as Money from "@retro/domain/Money"
import type { Order } from "@retro/domain/Order"
import { DateTime, Option } from "effect"
import { page } from "./ConfirmationPage.ts"

/** The confirmation of an order, ready to be sent. */
export interface OrderConfirmation {
  readonly subject: string
  readonly html: string
  readonly text: string
}

/** What a confirmation tells, as a person reads it. */
export interface Told {
  readonly subject: string
  readonly day: string
  readonly orderId: string
  readonly trackingId: string
  readonly games: ReadonlyArray<Record<"name" | "price" | "quantity" | "sum", string>>
  readonly shipping: string
  readonly total: string
  /** Empty where no card is known. */
  readonly paidBy: string
  readonly address: ReadonlyArray<string>
}

/** Writes the confirmation: what was bought, what it cost, where it goes and how to follow it. */
export const render = (order: Order): OrderConfirmation => {
  const told = tell(order)
  return { subject: told.subject, html: page(told).markup, text: plain(told) }
}

const tell = (order: Order): Told => ({
  subject: `Your Retro Station order ${order.orderId.slice(0, 8).toUpperCase()}`,
  day: DateTime.format(order.placedAt, { locale: "en-US", dateStyle: "long", timeZone: "UTC" }),
  orderId: order.orderId,
  trackingId: order.shippingTrackingId,
  games: order.items.map(({ cost, item, lineTotal, name }) => ({
    // Old clients send no names.
    name: name === "" ? item.productId : name,
    price: Money.format(cost),
    quantity: String(item.quantity),
    sum: Money.format(lineTotal)
  })),
  shipping: Money.format(order.shippingCost),
  total: Money.format(order.total),
  paidBy:
    order.cardLastFour === ""
      ? ""
      : `Paid by ${brands.get(order.cardBrand) ?? "card"} ending in ${order.cardLastFour}.`,
  address: linesOf(order.shippingAddress)
})

const plain = (told: Told): string =>
  [
    "RETRO STATION",
    "",
    `Thank you! Your games are on their way. Ordered on ${told.day}.`,
    "",
    `Order     ${told.orderId}`,
    `Tracking  ${told.trackingId}`,
    "",
    ...told.games.flatMap(({ name, price, quantity, sum }) => [name, `    ${quantity} × ${price} = ${sum}`]),
    "",
    `Shipping  ${told.shipping}`,
    `Total     ${told.total}`,
    told.paidBy,
    "",
    "Goes to",
    ...told.address.map((line) => `    ${line}`),
    "",
    "Keep your cartridges dry."
  ].join("\n")

const brands: ReadonlyMap<string, string> = new Map([
  ["visa", "Visa"],
  ["mastercard", "Mastercard"],
  ["amex", "American Express"]
])

const linesOf = (address: Address): ReadonlyArray<string> =>
  [
    address.recipient,
    address.streetAddress,
    [address.city, address.state, address.postalCode].filter((part) => part !== "").join(", "),
    Option.match(Country.parse(address.country), { onNone: () => address.country, onSome: Country.name })
  ].filter((line) => line !== "")
