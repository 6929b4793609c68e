import { Rpc } from "@effect/rpc"
import { AddressFromWire } from "@retro/domain/Address"
import { CreditCardFromWire } from "@retro/domain/CreditCard"
import { CurrencyCode } from "@retro/domain/Currency"
import { EmailAddress } from "@retro/domain/EmailAddress"
import { IdempotencyKey, OrderId, UserId } from "@retro/domain/Ids"
import * as Money from "@retro/domain/Money"
import { Order } from "@retro/domain/Order"
import { Duration, Schema } from "effect"
import { CartUnavailable } from "./CartService.ts"
import * as Contract from "./Contract.ts"
import { UnsupportedCurrency } from "./CurrencyService.ts"
import * as Proto from "./generated/retrostation/checkout.ts"
import { IdempotencyKeyReused } from "./IdempotencyKeyReused.ts"
import { CardDeclined, CardRefused } from "./PaymentService.ts"
import { ProductNotFound } from "./ProductCatalogService.ts"
import { AddressNotServed, ShippingUnavailable } from "./ShippingService.ts"
import { Failure } from "./Status.ts"

/** There is nothing to buy. */
export class EmptyCart extends Failure<EmptyCart>()("EmptyCart", { grpc: "FAILED_PRECONDITION", http: 422 }, {}) {}

/** The total is not what the shopper saw; both as decimal texts of the currency. Nothing was charged. */
export class PriceChanged extends Failure<PriceChanged>()(
  "PriceChanged",
  { grpc: "ABORTED", http: 409 },
  {
    currencyCode: Schema.String,
    shown: Schema.String,
    now: Schema.String
  }
) {}

/** The cart is not what the shopper saw; both as versions. Nothing was charged. */
export class CartChanged extends Failure<CartChanged>()(
  "CartChanged",
  { grpc: "ABORTED", http: 409 },
  {
    shown: Schema.Int,
    now: Schema.Int
  }
) {}

/** The same order is being placed right now: look at it in a moment. */
export class OrderInProgress extends Failure<OrderInProgress>()(
  "OrderInProgress",
  { grpc: "ABORTED", http: 409 },
  {
    orderId: OrderId
  }
) {}

/** An earlier order of the same cart has no answer yet, and what it may have bought is not sold twice. Nothing was charged. */
export class EarlierOrderUnsettled extends Failure<EarlierOrderUnsettled>()(
  "EarlierOrderUnsettled",
  { grpc: "ABORTED", http: 409 },
  {
    /** The earlier one. */
    orderId: OrderId
  }
) {}

/** Worth more than one order may be; the limit in whole US dollars. */
export class OrderLimitExceeded extends Failure<OrderLimitExceeded>()(
  "OrderLimitExceeded",
  { grpc: "FAILED_PRECONDITION", http: 422 },
  { limitUsd: Schema.Int }
) {}

/** The issuer did not answer in time; whatever it did is undone. */
export class PaymentUnavailable extends Failure<PaymentUnavailable>()(
  "PaymentUnavailable",
  { grpc: "UNAVAILABLE", http: 503 },
  {}
) {}

/** A service that the price depends on does not answer. Nothing was charged. */
export class PricingUnavailable extends Failure<PricingUnavailable>()(
  "PricingUnavailable",
  { grpc: "UNAVAILABLE", http: 503 },
  {}
) {}

/** This user has no such order. */
export class OrderNotFound extends Failure<OrderNotFound>()(
  "OrderNotFound",
  { grpc: "NOT_FOUND", http: 404 },
  {
    orderId: OrderId
  }
) {}

/** Every way in which placing an order ends without one. */
export const CheckoutError = Schema.Union(
  EmptyCart,
  ProductNotFound,
  UnsupportedCurrency,
  CardRefused,
  CardDeclined,
  PaymentUnavailable,
  AddressNotServed,
  ShippingUnavailable,
  CartUnavailable,
  PricingUnavailable,
  PriceChanged,
  CartChanged,
  EarlierOrderUnsettled,
  OrderInProgress,
  OrderLimitExceeded,
  IdempotencyKeyReused
)
export type CheckoutError = typeof CheckoutError.Type

/** An order and how far it has come. */
export class OrderStatus extends Schema.Class<OrderStatus>("OrderStatus")({
  orderId: OrderId,
  state: Schema.transformLiterals(
    [Proto.OrderState.IN_PROGRESS, "in-progress"],
    [Proto.OrderState.COMPLETED, "completed"],
    [Proto.OrderState.FAILED, "failed"],
    [Proto.OrderState.PARKED, "parked"]
  ),
  payment: Schema.transformLiterals(
    [Proto.PaymentState.PENDING, "pending"],
    [Proto.PaymentState.CHARGED, "charged"],
    [Proto.PaymentState.REFUNDED, "refunded"],
    [Proto.PaymentState.DECLINED, "declined"],
    [Proto.PaymentState.NOT_CHARGED, "not-charged"]
  ),
  shipment: Schema.transformLiterals(
    [Proto.ShipmentState.PENDING, "pending"],
    [Proto.ShipmentState.SHIPPED, "shipped"],
    [Proto.ShipmentState.CANCELLED, "cancelled"],
    [Proto.ShipmentState.NOT_SHIPPED, "not-shipped"]
  ),
  email: Schema.transformLiterals(
    [Proto.EmailState.PENDING, "pending"],
    [Proto.EmailState.SENT, "sent"],
    [Proto.EmailState.FAILED, "failed"],
    [Proto.EmailState.NOT_SENT, "not-sent"]
  ),
  /** Once it is completed. */
  order: Schema.UndefinedOr(Order),
  /** The tag of the error it ended in; empty otherwise. */
  failure: Schema.String
}) {}

/** Buys carts, each key once. */
export class CheckoutService extends Contract.Tag<CheckoutService>()(
  "CheckoutService",
  Proto.CheckoutServiceService,
  Rpc.make("placeOrder", {
    payload: {
      userId: UserId,
      userCurrency: CurrencyCode,
      address: AddressFromWire,
      email: EmailAddress,
      creditCard: CreditCardFromWire,
      idempotencyKey: Contract.orEmpty(IdempotencyKey),
      /** The cart and the total that the shopper saw; undefined for whatever they are now. */
      cartVersion: Schema.UndefinedOr(Schema.Int.pipe(Schema.between(0, 2 ** 32 - 1))),
      shownTotal: Schema.UndefinedOr(Money.FromWire)
    },
    success: Schema.Struct({ order: Order }),
    error: CheckoutError
  })
    .annotate(Contract.Deadline, Duration.seconds(11))
    .annotate(Contract.Completes, true),
  Rpc.make("getOrder", {
    payload: { userId: UserId, orderId: OrderId },
    success: Schema.Struct({ status: OrderStatus }),
    error: OrderNotFound
  }).annotate(Contract.Idempotent, true),
  Rpc.make("listOrders", {
    payload: { userId: UserId },
    success: Schema.Struct({ orders: Schema.Array(OrderStatus), hasEarlier: Schema.Boolean })
  }).annotate(Contract.Idempotent, true)
) {}
