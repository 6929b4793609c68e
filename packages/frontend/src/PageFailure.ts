import { CartFull, type CartUnavailable, QuantityTooLarge } from "@retro/contract/CartService"
import { OrderNotFound } from "@retro/contract/CheckoutService"
import { BadRequest, type CallError, PeerRefused } from "@retro/contract/Contract"
import { AmountTooLarge, UnsupportedCurrency } from "@retro/contract/CurrencyService"
import { ProductNotFound } from "@retro/contract/ProductCatalogService"
import { TrackingNotFound } from "@retro/contract/ShippingService"
import { Match } from "effect"
import * as Refused from "./Refused.ts"

/** What a page can fail with. Adding one without saying what its page says does not compile. */
export type PageFailure =
  | Refused.Refused
  | CallError
  | CartUnavailable
  | CartFull
  | QuantityTooLarge
  | AmountTooLarge
  | UnsupportedCurrency
  | ProductNotFound
  | OrderNotFound
  | TrackingNotFound

/** What the page about a failure says. Nothing in it comes from the failure but field names. */
export const explain: (failure: PageFailure) => Refused.Refused = Match.typeTags<PageFailure, Refused.Refused>()({
  Refused: (refused) => refused,
  BadRequest: ({ fields }) =>
    refuse(BadRequest, "We could not read that", `These fields were refused: ${fields.join(", ")}.`),
  PeerRefused: () =>
    refuse(PeerRefused, "That did not work", "One of our departments would not do this. Nothing was changed."),
  CallFailed: () => outOfReach,
  CartUnavailable: () => outOfReach,
  CartFull: ({ maxLines }) =>
    refuse(CartFull, "Your cart is full", `A cart holds ${maxLines} different games at most.`),
  QuantityTooLarge: ({ maxQuantity }) =>
    refuse(QuantityTooLarge, "That is too many", `The quantity of one game in a cart is ${maxQuantity} at most.`),
  AmountTooLarge: () =>
    refuse(AmountTooLarge, "That is too much money", "This sum is larger than our tills can count."),
  UnsupportedCurrency: () =>
    refuse(
      UnsupportedCurrency,
      "We do not take that currency",
      "currency_code: Choose one of the currencies on the list."
    ),
  ProductNotFound: () => refuse(ProductNotFound, "No such game", "We do not sell a game under this number."),
  OrderNotFound: () =>
    refuse(OrderNotFound, "No such order", "You have placed no order with this number from this browser."),
  TrackingNotFound: () => refuse(TrackingNotFound, "No such parcel", "The carrier knows no parcel with this number.")
})

const refuse = (failure: { readonly status: { readonly http: number } }, heading: string, sentence: string) =>
  new Refused.Refused({ status: failure.status.http, heading, sentence })

const outOfReach = new Refused.Refused({
  status: 503,
  heading: "Please try again in a moment",
  sentence: "A part of the shop that this page needs does not answer. Your cart and your orders are safe.",
  headers: { "retry-after": "5" }
})
