// PlaceOrder as nine calls in a row by grpc-js, with messages that are made once and nothing of ours around them: no
// checks, no prices, no journal. What checkoutservice needs beyond it is what its promises cost.
import * as grpc from "@grpc/grpc-js"
import { CartService } from "@retro/contract/CartService"
import { CheckoutService } from "@retro/contract/CheckoutService"
import type { Contract } from "@retro/contract/Contract"
import { CurrencyService } from "@retro/contract/CurrencyService"
import { EmailService } from "@retro/contract/EmailService"
import { PaymentService } from "@retro/contract/PaymentService"
import { ProductCatalogService } from "@retro/contract/ProductCatalogService"
import { ShippingService } from "@retro/contract/ShippingService"
import { Schema } from "effect"
import { randomUUID } from "node:crypto"
import * as Purchase from "../Purchase.ts"

/** A message as it is given to grpc-js. */
type Message = Readonly<Record<string, unknown>>

const encoded = ({ group }: Contract<any, any>, name: string, payload: unknown): Message =>
  Schema.encodeUnknownSync(group.requests.get(name).payloadSchema)(payload) as Message

/** One rpc of a service, with a message of which a call may change parts. */
const rpc = (contract: Contract<any, any>, variable: string, name: string, payload: unknown) => {
  const client = new grpc.Client(process.env[variable] ?? "", grpc.credentials.createInsecure(), {
    "grpc.service_config_disable_resolution": 1
  })
  const { path, requestSerialize, responseDeserialize } = contract.wire[name]!
  const message = encoded(contract, name, payload)
  return (changed: Message): Promise<Message> =>
    new Promise((resolve, reject) =>
      client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        { ...message, ...changed },
        new grpc.Metadata(),
        { deadline: Date.now() + 5000 },
        (error, response) => (error === null ? resolve(response as Message) : reject(error))
      )
    )
}

const { address, card, email, item, key, order, total, userId } = Purchase
const items = [item]

const tokenize = rpc(PaymentService, "PAYMENT_SERVICE_ADDR", "tokenize", { creditCard: card })
const holdCart = rpc(CartService, "CART_SERVICE_ADDR", "holdCart", { userId, orderKey: key, insteadOf: undefined })
const getProducts = rpc(ProductCatalogService, "PRODUCT_CATALOG_SERVICE_ADDR", "getProducts", { ids: [item.productId] })
const getQuote = rpc(ShippingService, "SHIPPING_SERVICE_ADDR", "getQuote", { address, items })
const convertBatch = rpc(CurrencyService, "CURRENCY_SERVICE_ADDR", "convertBatch", {
  from: [Purchase.price, Purchase.price],
  toCode: "EUR",
  toMinorUnit: true
})
const charge = rpc(PaymentService, "PAYMENT_SERVICE_ADDR", "charge", {
  amount: total,
  cardToken: "",
  creditCard: undefined,
  idempotencyKey: key
})
const shipOrder = rpc(ShippingService, "SHIPPING_SERVICE_ADDR", "shipOrder", { address, items, idempotencyKey: key })
const removeBought = rpc(CartService, "CART_SERVICE_ADDR", "removeBought", { userId, orderKey: key, lines: items })
const confirm = rpc(EmailService, "EMAIL_SERVICE_ADDR", "sendOrderConfirmation", { email, order, idempotencyKey: key })

const answer: Message = { order: encodedOrder() }

function encodedOrder(): Message {
  const { order: known } = encoded(EmailService, "sendOrderConfirmation", { email, order, idempotencyKey: key })
  return known as Message
}

const placeOrder = async ({ userId }: Message): Promise<Message> => {
  const [orderKey, idempotencyKey] = [randomUUID(), randomUUID()]
  const { cardToken } = await tokenize({})
  await holdCart({ userId, orderKey })
  await getProducts({})
  await getQuote({})
  await convertBatch({})
  await charge({ cardToken, idempotencyKey })
  await shipOrder({ idempotencyKey })
  await removeBought({ userId, orderKey })
  await confirm({ idempotencyKey })
  return answer
}

const server = new grpc.Server()
const handler: grpc.handleUnaryCall<Message, Message> = ({ request }, reply) =>
  void placeOrder(request).then(
    (response) => reply(null, response),
    (error: grpc.ServiceError) => reply(error)
  )

server.addService({ placeOrder: CheckoutService.wire["placeOrder"]! }, { placeOrder: handler })
server.bindAsync(`0.0.0.0:${process.env["PORT"]}`, grpc.ServerCredentials.createInsecure(), (error) => {
  if (error !== null) throw error
})
