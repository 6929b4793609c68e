import type { Rpc } from "@effect/rpc"
import { CartService } from "../src/CartService.ts"
import { CheckoutService } from "../src/CheckoutService.ts"
import type { Contract } from "../src/Contract.ts"
import { CurrencyService } from "../src/CurrencyService.ts"
import { EmailService } from "../src/EmailService.ts"
import { PaymentService } from "../src/PaymentService.ts"
import { ProductCatalogService } from "../src/ProductCatalogService.ts"
import { RecommendationService } from "../src/RecommendationService.ts"
import { ShippingService } from "../src/ShippingService.ts"

/** Every contract of the house, to ask all of them the same questions. */
export const contracts: ReadonlyArray<
  Pick<Contract<any, Rpc.Any>, "key" | "wire"> & { group: { requests: ReadonlyMap<string, Rpc.AnyWithProps> } }
> = [
  CartService,
  CheckoutService,
  CurrencyService,
  EmailService,
  PaymentService,
  ProductCatalogService,
  RecommendationService,
  ShippingService
] as any
