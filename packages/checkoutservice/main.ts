import { CartService } from "@retro/contract/CartService"
import { CheckoutService } from "@retro/contract/CheckoutService"
import { CurrencyService } from "@retro/contract/CurrencyService"
import { EmailService } from "@retro/contract/EmailService"
import { PaymentService } from "@retro/contract/PaymentService"
import { ProductCatalogService } from "@retro/contract/ProductCatalogService"
import { ShippingService } from "@retro/contract/ShippingService"
import * as GrpcClient from "@retro/grpc/GrpcClient"
import * as GrpcServer from "@retro/grpc/GrpcServer"
import { Readiness } from "@retro/grpc/Readiness"
import * as Persistence from "@retro/process/Persistence"
import * as FaultFlags from "@retro/process/FaultFlags"
import * as Process from "@retro/process/Process"
import * as Variable from "@retro/process/Variable"
import * as Redis from "@retro/redis/Redis"
import { Layer } from "effect"
import * as Checkout from "./src/Checkout.ts"
import * as Envelope from "./src/Envelope.ts"
import * as JournalStoreFile from "./src/JournalStoreFile.ts"
import * as JournalStoreMemory from "./src/JournalStoreMemory.ts"
import * as JournalStoreRedis from "./src/JournalStoreRedis.ts"

const services = Layer.mergeAll(
  GrpcClient.layerConfig(CartService, "CART_SERVICE_ADDR"),
  GrpcClient.layerConfig(CurrencyService, "CURRENCY_SERVICE_ADDR"),
  GrpcClient.layerConfig(EmailService, "EMAIL_SERVICE_ADDR"),
  GrpcClient.layerConfig(PaymentService, "PAYMENT_SERVICE_ADDR"),
  GrpcClient.layerConfig(ProductCatalogService, "PRODUCT_CATALOG_SERVICE_ADDR"),
  GrpcClient.layerConfig(ShippingService, "SHIPPING_SERVICE_ADDR")
)

const envelope = Variable.choose("PII_KEY", {
  set: Envelope.layerConfig,
  unset: Envelope.layerGenerated,
  meaning: "what orders say of people cannot be read after this process",
  requiredInProduction: true
})

/** Not SERVING while Redis does not answer. */
const readiness = Layer.provide(Layer.effect(Readiness, Redis.answers), Redis.layerConfig)

/** What outlives this process can only be read by the next one if both know the key. */
const journals = Persistence.choose({
  redis: Layer.mergeAll(JournalStoreRedis.layerConfig, readiness, Envelope.layerConfig),
  file: Layer.merge(JournalStoreFile.layerConfig, Envelope.layerConfig),
  memory: Layer.merge(JournalStoreMemory.layerMemory, envelope),
  meaning: "orders are kept in memory and end with this process"
})

Checkout.layerHandOver.pipe(
  Layer.provideMerge(GrpcServer.layer(CheckoutService)),
  Layer.provide(FaultFlags.layer(CheckoutService, Checkout.layer)),
  Layer.provide([services, journals]),
  Process.launch("checkoutservice")
)
