// The six services that checkoutservice calls, in one process, by grpc-js alone: each answers at once with a message that
// was made once.
import * as grpc from "@grpc/grpc-js"
import { CartService } from "@retro/contract/CartService"
import type { Contract } from "@retro/contract/Contract"
import { CurrencyService } from "@retro/contract/CurrencyService"
import { EmailService } from "@retro/contract/EmailService"
import { PaymentService } from "@retro/contract/PaymentService"
import { ProductCatalogService } from "@retro/contract/ProductCatalogService"
import { ShippingService } from "@retro/contract/ShippingService"
import { Cart } from "@retro/domain/Cart"
import { TrackingId, TransactionId } from "@retro/domain/Ids"
import { Product } from "@retro/domain/Product"
import { Schema } from "effect"
import * as Purchase from "../Purchase.ts"

const { item, price, shipping, total, userId } = Purchase

/** What an rpc answers, with parts of the request in it where it has to have them. */
type Answer = { readonly name: string; readonly response: unknown; readonly echo?: (request: any) => object }

const server = new grpc.Server()

const answer = ({ group, wire }: Contract<any, any>, ...answers: ReadonlyArray<Answer>) => {
  const implementation = answers.map(({ echo, name, response }) => {
    const message: object = Schema.encodeUnknownSync(group.requests.get(name).successSchema)(response) as object
    const handler: grpc.handleUnaryCall<unknown, unknown> = ({ request }, reply) =>
      reply(null, echo === undefined ? message : { ...message, ...echo(request) })
    return [name, handler] as const
  })
  const definition = answers.map(({ name }) => [name, wire[name]!] as const)
  server.addService(Object.fromEntries(definition), Object.fromEntries(implementation))
}

const cart = new Cart({ userId, items: [item], version: 1 })
const card = { cardBrand: "visa", cardLastFour: "0454" }
const product = new Product({
  id: item.productId,
  name: "Skarn Light",
  description: "A lamp, a mine and eleven ways down.",
  picture: "/static/covers/skarn-light.svg",
  priceUsd: price,
  categories: ["adventure"],
  platform: "Commodore 64",
  year: 1986,
  players: 1,
  weightGrams: 120
})

answer(
  CartService,
  { name: "addItem", response: undefined },
  {
    name: "holdCart",
    response: { cart, heldBy: Purchase.key },
    echo: ({ orderKey }: { readonly orderKey: string }) => ({ heldBy: orderKey })
  },
  { name: "removeBought", response: undefined }
)
answer(CurrencyService, { name: "convertBatch", response: { converted: [total, total], ratesDate: "2025-11-21" } })
answer(EmailService, { name: "sendOrderConfirmation", response: undefined })
answer(
  PaymentService,
  { name: "tokenize", response: { ...card, cardToken: "a".repeat(32), fingerprint: "b".repeat(43) } },
  { name: "charge", response: { ...card, transactionId: TransactionId.make(Purchase.key) } }
)
answer(ProductCatalogService, { name: "getProducts", response: { products: [product] } })
answer(
  ShippingService,
  { name: "getQuote", response: { costUsd: shipping } },
  { name: "shipOrder", response: { trackingId: TrackingId.make("RS7K2M9QX4T") } }
)

server.bindAsync(`0.0.0.0:${process.env["PORT"]}`, grpc.ServerCredentials.createInsecure(), (error) => {
  if (error !== null) throw error
})
