import type { Rpc } from "@effect/rpc"
import * as Cart from "@retro/cartservice/Cart"
import * as Checkout from "@retro/checkoutservice/Checkout"
import { CartService } from "@retro/contract/CartService"
import { CheckoutService } from "@retro/contract/CheckoutService"
import type { Contract } from "@retro/contract/Contract"
import { CurrencyService } from "@retro/contract/CurrencyService"
import { EmailService } from "@retro/contract/EmailService"
import * as Faults from "@retro/contract/Faults"
import { PaymentService } from "@retro/contract/PaymentService"
import { ProductCatalogService } from "@retro/contract/ProductCatalogService"
import { RecommendationService } from "@retro/contract/RecommendationService"
import { ShippingService } from "@retro/contract/ShippingService"
import * as Currency from "@retro/currencyservice/Currency"
import * as Email from "@retro/emailservice/Email"
import * as Hops from "@retro/grpc/Hops"
import * as Loopback from "@retro/grpc/Loopback"
import * as Payment from "@retro/paymentservice/Payment"
import * as ProductCatalog from "@retro/productcatalogservice/ProductCatalog"
import * as Recommendation from "@retro/recommendationservice/Recommendation"
import * as Shipping from "@retro/shippingservice/Shipping"
import { Layer } from "effect"

/** How a caller reaches a program: what stands between the two. */
export type Wiring = <Self, R extends Rpc.Any, E, RIn>(
  contract: Contract<Self, R>,
  program: Layer.Layer<Self, E, RIn>
) => Layer.Layer<Self, E, RIn>

/** Nothing: a call is a function call. Traces show it as a call from service to service all the same. */
export const fused: Wiring = Hops.layer

/** A gRPC server and a client on this machine, as between two processes. Cannot fail to find a port: it asks for any. */
export const split: Wiring = (contract, program) =>
  Hops.inService(Hops.nameOf(contract))(Layer.catchAll(Loopback.layer(contract, program), Layer.die))

/** The same with faults between caller and program. */
export const faulty =
  (wired: Wiring, faults: Faults.Faults): Wiring =>
  (contract, program) =>
    wired(contract, Faults.layer(contract, program, faults))

/** Everything that can be asked of the shop. */
export const contracts = [
  CartService,
  CheckoutService,
  CurrencyService,
  EmailService,
  PaymentService,
  ProductCatalogService,
  RecommendationService,
  ShippingService
] as const

/**
 * The whole shop but for the website: every service, wired in the one way, over the stores and sources it is given. A
 * simulation puts another checkout in.
 */
export const services = (wired: Wiring, checkout = Checkout.layer) => {
  const independent = Layer.mergeAll(
    wired(CartService, Cart.layer),
    wired(ProductCatalogService, ProductCatalog.layer),
    wired(CurrencyService, Currency.layer),
    wired(PaymentService, Payment.layer),
    wired(ShippingService, Shipping.layer),
    wired(EmailService, Email.layer)
  )
  return Layer.mergeAll(wired(RecommendationService, Recommendation.layer), wired(CheckoutService, checkout)).pipe(
    Layer.provideMerge(independent)
  )
}
