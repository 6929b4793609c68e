import type { Rpc } from "@effect/rpc"
import { CartService } from "@retro/contract/CartService"
import { CheckoutService } from "@retro/contract/CheckoutService"
import { Deadline } from "@retro/contract/Contract"
import { CurrencyService } from "@retro/contract/CurrencyService"
import { EmailService } from "@retro/contract/EmailService"
import { PaymentService } from "@retro/contract/PaymentService"
import { ProductCatalogService } from "@retro/contract/ProductCatalogService"
import { RecommendationService } from "@retro/contract/RecommendationService"
import { ShippingService } from "@retro/contract/ShippingService"
import type { Tier } from "@retro/process/Tiers"
import { Context, Duration, Record } from "effect"

/** The tiers that answer over gRPC, by what they answer. */
export const contracts = {
  cartservice: CartService,
  productcatalogservice: ProductCatalogService,
  currencyservice: CurrencyService,
  paymentservice: PaymentService,
  shippingservice: ShippingService,
  emailservice: EmailService,
  checkoutservice: CheckoutService,
  recommendationservice: RecommendationService
} as const

/** A tier that answers over gRPC. */
export type Server = keyof typeof contracts

/** One rpc of a tier, as its contract names it: what is misspelt does not compile. */
export type RpcOf<S extends Server> = keyof Context.Tag.Service<(typeof contracts)[S]> & string

/** One arrow of the graph. */
export interface Call {
  readonly to: Server
  /** The rpcs as a proxy sees them: paths of HTTP/2, "/retrostation.CartService/GetCart". */
  readonly paths: ReadonlyArray<string>
}

const to = <S extends Server>(server: S, ...rpcs: ReadonlyArray<RpcOf<S>>): Call => ({
  to: server,
  paths: rpcs.map((rpc) => pathOf(server, rpc))
})

const pathOf = (server: Server, rpc: string): string => contracts[server].wire[rpc]?.path ?? `no rpc ${rpc}`

/** Who calls which rpc of whom. Everything that a cluster allows or forbids is made from this; there is no second list. */
export const calls: { readonly [T in Tier]: ReadonlyArray<Call> } = {
  frontend: [
    to("cartservice", "getCart", "addItem", "setQuantity", "emptyCart"),
    to("checkoutservice", "placeOrder", "getOrder", "listOrders"),
    to("currencyservice", "getSupportedCurrencies", "convert", "convertBatch"),
    to("productcatalogservice", "listProducts", "searchProducts", "getProduct", "getProducts"),
    to("recommendationservice", "listRecommendations"),
    to("shippingservice", "getQuote", "getTracking")
  ],
  checkoutservice: [
    to("cartservice", "getCart", "holdCart", "removeBought"),
    to("currencyservice", "convertBatch"),
    to("emailservice", "sendOrderConfirmation"),
    to("paymentservice", "tokenize", "charge", "refund", "void"),
    to("productcatalogservice", "getProducts"),
    to("shippingservice", "getQuote", "shipOrder", "cancelShipment")
  ],
  recommendationservice: [to("productcatalogservice", "listProducts")],
  cartservice: [],
  productcatalogservice: [],
  currencyservice: [],
  paymentservice: [],
  shippingservice: [],
  emailservice: []
}

/** The calls with their callers, in one list. */
export const edges: ReadonlyArray<Call & { readonly from: Tier }> = Record.toEntries(calls).flatMap(([from, callees]) =>
  callees.map((call) => ({ from, ...call }))
)

/** The Redis of a cluster, and who keeps something in it. */
export const store = {
  name: "redis-cart",
  port: 6379,
  users: ["cartservice", "checkoutservice", "emailservice", "paymentservice", "shippingservice"]
} as const satisfies { readonly name: string; readonly port: number; readonly users: ReadonlyArray<Tier> }

/** What a tier needs from outside the cluster. */
export const outside = {
  currencyservice: { name: "ecb", host: "www.ecb.europa.eu", port: 443 }
} as const satisfies {
  readonly [T in Tier]?: { readonly name: string; readonly host: string; readonly port: number }
}

/** How long the slowest rpc of a tier may take: nothing between two tiers may give up before its caller does. */
export const longestDeadline = (server: Server): Duration.Duration => {
  const rpcs: Iterable<Rpc.AnyWithProps> = contracts[server].group.requests.values()
  return Array.from(rpcs, ({ annotations }) => Context.get(annotations, Deadline)).reduce((longest, deadline) =>
    Duration.max(longest, deadline)
  )
}
