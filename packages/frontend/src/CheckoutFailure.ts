import {
  CartChanged,
  type CheckoutError,
  EarlierOrderUnsettled,
  EmptyCart,
  OrderLimitExceeded,
  type OrderInProgress,
  PaymentUnavailable,
  PriceChanged,
  PricingUnavailable
} from "@retro/contract/CheckoutService"
import { CartUnavailable } from "@retro/contract/CartService"
import { BadRequest, type CallError, CallFailed, PeerRefused } from "@retro/contract/Contract"
import { UnsupportedCurrency } from "@retro/contract/CurrencyService"
import { IdempotencyKeyReused } from "@retro/contract/IdempotencyKeyReused"
import {
  CardDeclined,
  CardExpired,
  type DeclineReason,
  InvalidCardNumber,
  InvalidCvv,
  InvalidExpirationMonth,
  TestCardRefused,
  UnacceptedBrand
} from "@retro/contract/PaymentService"
import { ProductNotFound } from "@retro/contract/ProductCatalogService"
import { AddressNotServed, ShippingUnavailable } from "@retro/contract/ShippingService"
import type { OrderId } from "@retro/domain/Ids"
import { Match } from "effect"
import type { CheckoutField } from "./views/Models.ts"

/** What the cart's page says about an order that was not placed. */
export interface Explanation {
  readonly status: number
  readonly heading: string
  readonly text: string
  /** The field that it is about. */
  readonly field?: CheckoutField
  /** Whether asking again must be the same order: nobody knows what became of this one. */
  readonly keepsKey?: true
  /** The order that it is about, where it is another one. */
  readonly order?: OrderId
}

/** Why no order can be shown. */
export type CheckoutFailure = Exclude<CheckoutError, OrderInProgress> | CallError

/** Says it for every failure there is; one that is missing here does not compile. */
export const explain: (failure: CheckoutFailure) => Explanation = Match.typeTags<CheckoutFailure, Explanation>()({
  EmptyCart: () => page(EmptyCart, "Your cart is empty", "There was nothing to order, and nothing was charged."),
  ProductNotFound: () =>
    page(
      ProductNotFound,
      "A game has left the catalogue",
      "Take it out of the cart to order the rest. Nothing was charged."
    ),
  UnsupportedCurrency: () =>
    page(
      UnsupportedCurrency,
      "We do not take that currency",
      "Choose another one at the top of the page. Nothing was charged."
    ),
  PriceChanged: () =>
    page(
      PriceChanged,
      "The price has changed",
      "Below is what it is now. Nothing was charged: look at it and order again."
    ),
  CartChanged: () =>
    page(
      CartChanged,
      "Your cart has changed",
      "Below is what is in it now. Nothing was charged: look at it and order again."
    ),
  OrderLimitExceeded: ({ limitUsd }) =>
    page(
      OrderLimitExceeded,
      "That is a very large order",
      `One order may be worth ${limitUsd} US dollars. Nothing was charged.`
    ),
  IdempotencyKeyReused: () =>
    page(
      IdempotencyKeyReused,
      "This form was used before",
      "It has placed another order already. Nothing more was charged."
    ),
  InvalidCardNumber: () =>
    card(InvalidCardNumber, "credit_card_number", "This is not the number of a card: a digit may be wrong."),
  TestCardRefused: () =>
    card(TestCardRefused, "credit_card_number", "This number is printed in every manual. Use another card."),
  UnacceptedBrand: () => card(UnacceptedBrand, "credit_card_number", "We do not take cards of this brand."),
  InvalidExpirationMonth: () =>
    card(InvalidExpirationMonth, "credit_card_expiration_month", "Choose the month on the card, from 1 to 12."),
  CardExpired: () => card(CardExpired, "credit_card_expiration_year", "This card has expired. Use another one."),
  InvalidCvv: () => card(InvalidCvv, "credit_card_cvv", "A card of this brand has another number of digits here."),
  CardDeclined: ({ reason }) =>
    page(CardDeclined, "Your bank declined the card", `${declines[reason]} Nothing was charged. Try another card.`),
  AddressNotServed: () => ({
    ...page(AddressNotServed, "We do not ship there", "Nothing was charged."),
    field: "country",
    text: "Our rails do not reach this country."
  }),
  PaymentUnavailable: () =>
    page(
      PaymentUnavailable,
      "The bank does not answer",
      "The order was not placed and nothing stays charged. Try again in a minute."
    ),
  ShippingUnavailable: () =>
    page(
      ShippingUnavailable,
      "The carrier takes no parcels right now",
      "The order was not placed and nothing stays charged. Try again in a minute."
    ),
  CartUnavailable: () =>
    page(CartUnavailable, "We cannot reach your cart", "Nothing was charged. Try again in a minute."),
  PricingUnavailable: () =>
    page(PricingUnavailable, "We cannot say the price right now", "Nothing was charged. Try again in a minute."),
  EarlierOrderUnsettled: ({ orderId }) => ({
    ...page(
      EarlierOrderUnsettled,
      "Your earlier order is still being settled",
      "It may have bought what is in this cart, so we do not sell it twice. Nothing was charged for this one. See how the earlier order ends, then order again if you still want to."
    ),
    order: orderId
  }),
  BadRequest: ({ fields }) => refusedFields(fields),
  PeerRefused: () =>
    page(PeerRefused, "The order was not placed", "One of our departments refused it. Nothing was charged."),
  CallFailed: () => ({
    ...page(CallFailed, "We got no answer about your order", noAnswer),
    keepsKey: true
  })
})

const page = (failure: { readonly status: { readonly http: number } }, heading: string, text: string): Explanation => ({
  status: failure.status.http,
  heading,
  text
})

const card = (
  failure: { readonly status: { readonly http: number } },
  field: CheckoutField,
  text: string
): Explanation => ({
  ...page(failure, "Nothing was charged", text),
  field
})

const noAnswer =
  "It may have been placed: look at your orders. If it is not there, send the form again: however often you do, it is one order and one charge."

const declines: Readonly<Record<DeclineReason, string>> = {
  "insufficient-funds": "There is not enough money on it.",
  "stolen-card": "It was reported stolen."
}

/** The form's names of the fields of a message that can be refused. */
const formFields: Readonly<Record<string, CheckoutField>> = {
  email: "email",
  "address.recipient": "name",
  "address.streetAddress": "street_address",
  "address.postalCode": "zip_code",
  "address.city": "city",
  "address.state": "state",
  "address.country": "country",
  "creditCard.creditCardNumber": "credit_card_number",
  "creditCard.number": "credit_card_number",
  "creditCard.securityCode": "credit_card_cvv",
  "creditCard.expirationMonth": "credit_card_expiration_month",
  "creditCard.expirationYear": "credit_card_expiration_year"
}

const refusedFields = (fields: ReadonlyArray<string>): Explanation => {
  const field = fields.map((name) => formFields[name]).find((name) => name !== undefined)
  const text = `We could not read ${field ?? fields.join(", ")}. Nothing was charged.`
  return { ...page(BadRequest, "Nothing was charged", text), ...(field !== undefined && { field }) }
}
