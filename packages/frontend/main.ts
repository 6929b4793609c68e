import { CartService } from "@retro/contract/CartService"
import { CheckoutService } from "@retro/contract/CheckoutService"
import { CurrencyService } from "@retro/contract/CurrencyService"
import { ProductCatalogService } from "@retro/contract/ProductCatalogService"
import { RecommendationService } from "@retro/contract/RecommendationService"
import { ShippingService } from "@retro/contract/ShippingService"
import * as GrpcClient from "@retro/grpc/GrpcClient"
import * as Process from "@retro/process/Process"
import { Layer } from "effect"
import * as DevSpans from "./src/DevSpans.ts"
import * as Frontend from "./src/Frontend.ts"

const services = Layer.mergeAll(
  GrpcClient.layerConfig(CartService, "CART_SERVICE_ADDR"),
  GrpcClient.layerConfig(CheckoutService, "CHECKOUT_SERVICE_ADDR"),
  GrpcClient.layerConfig(CurrencyService, "CURRENCY_SERVICE_ADDR"),
  GrpcClient.layerConfig(ProductCatalogService, "PRODUCT_CATALOG_SERVICE_ADDR"),
  GrpcClient.layerConfig(RecommendationService, "RECOMMENDATION_SERVICE_ADDR"),
  GrpcClient.layerConfig(ShippingService, "SHIPPING_SERVICE_ADDR")
)

Frontend.layer.pipe(Layer.provide(DevSpans.layerConfig), Layer.provide(services), Process.launch("frontend"))
