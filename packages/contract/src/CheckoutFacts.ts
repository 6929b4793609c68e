import type { CheckoutError } from "./CheckoutService.ts"
import type { CallError } from "./Contract.ts"
import type { PaymentService } from "./PaymentService.ts"
import type { ShippingService } from "./ShippingService.ts"

/** An rpc that takes something back. */
export type Undo =
  | `PaymentService.${keyof Pick<typeof PaymentService.Service, "refund" | "void">}`
  | `ShippingService.${keyof Pick<typeof ShippingService.Service, "cancelShipment">}`

/** What is true of the money and the parcel when an order is not placed. */
export interface CheckoutFacts {
  /** `given-back`: the card may have been charged, and nothing stays charged. `unknown`: nobody can say yet. */
  readonly charged: "no" | "given-back" | "unknown"
  /** What checkout calls to take back what may have been done, in this order. */
  readonly undone: ReadonlyArray<Undo>
  /**
   * Whether asking again may help. `same-key`: the same request, which stays one order. `new-key`: the same order anew, a
   * while later. `after-change`: only another request; this one would be refused again.
   */
  readonly retry: "same-key" | "new-key" | "after-change"
}

const refused: CheckoutFacts = { charged: "no", undone: [], retry: "after-change" }
const away: CheckoutFacts = { charged: "no", undone: [], retry: "new-key" }
const undecided: CheckoutFacts = { charged: "unknown", undone: [], retry: "same-key" }

/**
 * The facts of every way in which placing an order can fail. They are of the order, not of the error: elsewhere the same
 * error means something else, which is why they stand here and not with its class. One that is missing does not compile.
 */
export const checkoutFacts: { readonly [Tag in (CheckoutError | CallError)["_tag"]]: CheckoutFacts } = {
  EmptyCart: refused,
  ProductNotFound: refused,
  UnsupportedCurrency: refused,
  PriceChanged: refused,
  CartChanged: refused,
  OrderLimitExceeded: refused,
  InvalidExpirationMonth: refused,
  CardExpired: refused,
  InvalidCvv: refused,
  TestCardRefused: refused,
  InvalidCardNumber: refused,
  UnacceptedBrand: refused,
  CardDeclined: refused,
  BadRequest: refused,
  CartUnavailable: away,
  PricingUnavailable: away,
  EarlierOrderUnsettled: away,
  IdempotencyKeyReused: away,
  // Mostly refused while pricing; the carrier may still refuse a parcel that was paid.
  AddressNotServed: { charged: "given-back", undone: ["PaymentService.refund"], retry: "after-change" },
  PaymentUnavailable: { charged: "given-back", undone: ["PaymentService.void"], retry: "new-key" },
  ShippingUnavailable: {
    charged: "given-back",
    undone: ["ShippingService.cancelShipment", "PaymentService.refund"],
    retry: "new-key"
  },
  // A verdict of a newer checkout: a typed failure keeps no money, whatever its name.
  PeerRefused: { charged: "given-back", undone: [], retry: "after-change" },
  OrderInProgress: undecided,
  CallFailed: undecided
}
