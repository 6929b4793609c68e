// The home page as Online Boutique's website makes it, in our transport and with our view: currencies, products and cart
// asked one after the other, and then a conversion for each of nine prices, twelve calls in a row. What the shop's own
// home page is compared with.
import { CartService } from "@retro/contract/CartService"
import { CurrencyService } from "@retro/contract/CurrencyService"
import { ProductCatalogService } from "@retro/contract/ProductCatalogService"
import { UserId } from "@retro/domain/Ids"
import * as Response from "@retro/frontend/Response"
import * as HomePage from "@retro/frontend/views/HomePage"
import type { Chrome } from "@retro/frontend/views/Models"
import * as GrpcClient from "@retro/grpc/GrpcClient"
import { Effect, Layer, ManagedRuntime } from "effect"
import { createServer } from "node:http"

const runtime = ManagedRuntime.make(
  Layer.mergeAll(
    GrpcClient.layerConfig(CartService, "CART_SERVICE_ADDR"),
    GrpcClient.layerConfig(CurrencyService, "CURRENCY_SERVICE_ADDR"),
    GrpcClient.layerConfig(ProductCatalogService, "PRODUCT_CATALOG_SERVICE_ADDR")
  )
)

const home = Effect.gen(function* () {
  const { currencyCodes, ratesDate } = yield* (yield* CurrencyService).getSupportedCurrencies()
  const { products } = yield* (yield* ProductCatalogService).listProducts({ pageSize: 9, pageToken: "" })
  const { items } = yield* (yield* CartService).getCart({ userId: UserId.make("somebody") })
  const currency = yield* CurrencyService
  const priced = yield* Effect.forEach(products, (product) =>
    Effect.map(currency.convert({ from: product.priceUsd, toCode: "EUR" }), (price) => ({ product, price }))
  )
  const chrome: Chrome = {
    asset: (name) => `/static/${name}`,
    origin: "",
    here: "/",
    currency: { selected: "EUR", options: currencyCodes.map((code) => ({ code, label: code })) },
    theme: "auto",
    cartSize: items.length,
    searchText: "",
    development: false,
    devPages: [],
    degraded: new Map(),
    footer: { requestId: "", sessionHash: "", version: "", rates: { date: ratesDate, stale: false } }
  }
  return Response.page(200, HomePage.view(chrome, HomePage.shelves(chrome, priced)))
})

createServer((_incoming, outgoing) => {
  void runtime.runPromise(home).then(({ body, headers, status }) => {
    for (const name in headers) outgoing.setHeader(name, headers[name]!)
    outgoing.setHeader("content-length", Buffer.byteLength(body))
    outgoing.writeHead(status)
    outgoing.end(body)
  })
}).listen(Number(process.env["PORT"]))
