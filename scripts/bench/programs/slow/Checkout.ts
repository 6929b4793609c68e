// checkoutservice as it must not be: see Slowly.ts and Wasteful.ts.
import type { Rpc } from "@effect/rpc"
import * as Checkout from "@retro/checkoutservice/Checkout"
import * as Envelope from "@retro/checkoutservice/Envelope"
import * as JournalStoreRedis from "@retro/checkoutservice/JournalStoreRedis"
import { CartService } from "@retro/contract/CartService"
import { CheckoutService } from "@retro/contract/CheckoutService"
import type { Contract } from "@retro/contract/Contract"
import { CurrencyService } from "@retro/contract/CurrencyService"
import { EmailService } from "@retro/contract/EmailService"
import { PaymentService } from "@retro/contract/PaymentService"
import { ProductCatalogService } from "@retro/contract/ProductCatalogService"
import { ShippingService } from "@retro/contract/ShippingService"
import * as GrpcClient from "@retro/grpc/GrpcClient"
import * as GrpcServer from "@retro/grpc/GrpcServer"
import * as Process from "@retro/process/Process"
import { Layer } from "effect"
import { slowly } from "./Slowly.ts"
import { wasteful } from "./Wasteful.ts"

const slow = <Self, R extends Rpc.Any>(contract: Contract<Self, R>, variable: string) =>
  slowly(contract, GrpcClient.layerConfig(contract, variable))

const services = Layer.mergeAll(
  slow(CartService, "CART_SERVICE_ADDR"),
  slow(CurrencyService, "CURRENCY_SERVICE_ADDR"),
  slow(EmailService, "EMAIL_SERVICE_ADDR"),
  slow(PaymentService, "PAYMENT_SERVICE_ADDR"),
  slow(ProductCatalogService, "PRODUCT_CATALOG_SERVICE_ADDR"),
  slow(ShippingService, "SHIPPING_SERVICE_ADDR")
)

GrpcServer.layer(CheckoutService).pipe(
  Layer.provide(slowly(CheckoutService, Checkout.layer)),
  Layer.provide([services, Layer.provide(wasteful, JournalStoreRedis.layerConfig), Envelope.layerConfig]),
  Process.launch("checkoutservice")
)
