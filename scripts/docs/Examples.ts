import { CartFull, CartUnavailable, QuantityTooLarge } from "@retro/contract/CartService"
import {
  CartChanged,
  EarlierOrderUnsettled,
  EmptyCart,
  OrderInProgress,
  OrderLimitExceeded,
  OrderNotFound,
  PaymentUnavailable,
  PriceChanged,
  PricingUnavailable
} from "@retro/contract/CheckoutService"
import { BadRequest, CallFailed, PeerRefused } from "@retro/contract/Contract"
import { AmountTooLarge, UnsupportedCurrency } from "@retro/contract/CurrencyService"
import { MailUnavailable } from "@retro/contract/EmailService"
import { IdempotencyKeyReused } from "@retro/contract/IdempotencyKeyReused"
import {
  AmountNotPayable,
  CardDeclined,
  CardExpired,
  CardTokenExpired,
  ChargeNotFound,
  ChargeVoided,
  InvalidCardNumber,
  InvalidCvv,
  InvalidExpirationMonth,
  TestCardRefused,
  UnacceptedBrand
} from "@retro/contract/PaymentService"
import { InvalidPageToken, maxPageSize, ProductNotFound, TooManyProducts } from "@retro/contract/ProductCatalogService"
import {
  AddressNotServed,
  ShipmentCancelled,
  ShippingUnavailable,
  TrackingNotFound
} from "@retro/contract/ShippingService"
import { codes } from "@retro/contract/Status"
import { maxLines, maxQuantity } from "@retro/domain/Cart"
import { OrderId, ProductId, TrackingId } from "@retro/domain/Ids"
import { limitUsd } from "@retro/checkoutservice/Pricing"
import type { contracts, Server } from "@retro/station/ServiceGraph"
import type { Context, Effect } from "effect"

type FailureOf<Method> = Method extends (payload: never) => Effect.Effect<unknown, infer E> ? E : never
type FailuresOf<Service> = Service extends unknown
  ? { readonly [K in keyof Service]: FailureOf<Service[K]> }[keyof Service]
  : never

/** Every error that any rpc of the house can end in. */
export type AnyFailure = FailuresOf<Context.Tag.Service<(typeof contracts)[Server]>>

/** One of each, by its tag. */
export type Examples = { readonly [Tag in AnyFailure["_tag"]]: Extract<AnyFailure, { readonly _tag: Tag }> }

const productId = ProductId.make("OLJCESPC7Z")
const orderId = OrderId.make("3f2b8c1d-5a7e-8c41-8d20-9b6f04e1a7c2")

/** An example of each error. One that is missing does not compile. */
export const examples: Examples = {
  CartFull: new CartFull({ maxLines }),
  QuantityTooLarge: new QuantityTooLarge({ productId, maxQuantity }),
  CartUnavailable: new CartUnavailable(),
  ProductNotFound: new ProductNotFound({ productId }),
  TooManyProducts: new TooManyProducts({ maxPageSize }),
  InvalidPageToken: new InvalidPageToken(),
  UnsupportedCurrency: new UnsupportedCurrency({ code: "XTS" }),
  AmountTooLarge: new AmountTooLarge({ currencyCode: "IDR" }),
  InvalidExpirationMonth: new InvalidExpirationMonth(),
  CardExpired: new CardExpired(),
  InvalidCvv: new InvalidCvv(),
  TestCardRefused: new TestCardRefused(),
  InvalidCardNumber: new InvalidCardNumber(),
  UnacceptedBrand: new UnacceptedBrand({ brand: "jcb" }),
  CardDeclined: new CardDeclined({ reason: "insufficient-funds" }),
  CardTokenExpired: new CardTokenExpired(),
  ChargeVoided: new ChargeVoided(),
  ChargeNotFound: new ChargeNotFound(),
  AmountNotPayable: new AmountNotPayable(),
  AddressNotServed: new AddressNotServed({ country: "AQ" }),
  ShippingUnavailable: new ShippingUnavailable(),
  ShipmentCancelled: new ShipmentCancelled(),
  TrackingNotFound: new TrackingNotFound({ trackingId: TrackingId.make("RS00000000") }),
  MailUnavailable: new MailUnavailable(),
  EmptyCart: new EmptyCart(),
  PriceChanged: new PriceChanged({ currencyCode: "USD", shown: "46.97", now: "48.97" }),
  CartChanged: new CartChanged({ shown: 7, now: 8 }),
  EarlierOrderUnsettled: new EarlierOrderUnsettled({ orderId }),
  OrderInProgress: new OrderInProgress({ orderId }),
  OrderLimitExceeded: new OrderLimitExceeded({ limitUsd }),
  PaymentUnavailable: new PaymentUnavailable(),
  PricingUnavailable: new PricingUnavailable(),
  OrderNotFound: new OrderNotFound({ orderId }),
  IdempotencyKeyReused: new IdempotencyKeyReused(),
  BadRequest: new BadRequest({ fields: ["address.country"] }),
  PeerRefused: new PeerRefused({ path: "", code: codes.FAILED_PRECONDITION, reason: "GiftCardEmpty" }),
  CallFailed: new CallFailed({ path: "", code: codes.UNAVAILABLE })
}
