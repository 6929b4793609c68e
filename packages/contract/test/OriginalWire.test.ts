import { createFileRegistry, type DescField, fromBinary, ScalarType } from "@bufbuild/protobuf"
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt"
import { describe, it } from "@effect/vitest"
import { deepStrictEqual } from "@effect/vitest/utils"
import { descriptors } from "../src/generated/descriptors.ts"

/** The messages of the application that this one follows: each field's name, number and type. What was added may come after. */
const messages: Record<string, ReadonlyArray<string>> = {
  CartItem: ["product_id=1 STRING", "quantity=2 INT32"],
  AddItemRequest: ["user_id=1 STRING", "item=2 CartItem"],
  EmptyCartRequest: ["user_id=1 STRING"],
  GetCartRequest: ["user_id=1 STRING"],
  Cart: ["user_id=1 STRING", "items=2 repeated CartItem"],
  Empty: [],
  ListRecommendationsRequest: ["user_id=1 STRING", "product_ids=2 repeated STRING"],
  ListRecommendationsResponse: ["product_ids=1 repeated STRING"],
  Product: [
    "id=1 STRING",
    "name=2 STRING",
    "description=3 STRING",
    "picture=4 STRING",
    "price_usd=5 Money",
    "categories=6 repeated STRING"
  ],
  ListProductsResponse: ["products=1 repeated Product"],
  GetProductRequest: ["id=1 STRING"],
  SearchProductsRequest: ["query=1 STRING"],
  SearchProductsResponse: ["results=1 repeated Product"],
  GetQuoteRequest: ["address=1 Address", "items=2 repeated CartItem"],
  GetQuoteResponse: ["cost_usd=1 Money"],
  ShipOrderRequest: ["address=1 Address", "items=2 repeated CartItem"],
  ShipOrderResponse: ["tracking_id=1 STRING"],
  Address: ["street_address=1 STRING", "city=2 STRING", "state=3 STRING", "country=4 STRING", "zip_code=5 INT32"],
  Money: ["currency_code=1 STRING", "units=2 INT64", "nanos=3 INT32"],
  GetSupportedCurrenciesResponse: ["currency_codes=1 repeated STRING"],
  CurrencyConversionRequest: ["from=1 Money", "to_code=2 STRING"],
  CreditCardInfo: [
    "credit_card_number=1 STRING",
    "credit_card_cvv=2 INT32",
    "credit_card_expiration_year=3 INT32",
    "credit_card_expiration_month=4 INT32"
  ],
  ChargeRequest: ["amount=1 Money", "credit_card=2 CreditCardInfo"],
  ChargeResponse: ["transaction_id=1 STRING"],
  OrderItem: ["item=1 CartItem", "cost=2 Money"],
  OrderResult: [
    "order_id=1 STRING",
    "shipping_tracking_id=2 STRING",
    "shipping_cost=3 Money",
    "shipping_address=4 Address",
    "items=5 repeated OrderItem"
  ],
  SendOrderConfirmationRequest: ["email=1 STRING", "order=2 OrderResult"],
  PlaceOrderRequest: [
    "user_id=1 STRING",
    "user_currency=2 STRING",
    "address=3 Address",
    "email=5 STRING",
    "credit_card=6 CreditCardInfo"
  ],
  PlaceOrderResponse: ["order=1 OrderResult"]
}

/** Its rpcs: what is asked and what is answered. ListProducts asked an Empty, which is what a request without fields is in bytes. */
const rpcs: Record<string, ReadonlyArray<string>> = {
  CartService: ["AddItem(AddItemRequest) Empty", "GetCart(GetCartRequest) Cart", "EmptyCart(EmptyCartRequest) Empty"],
  RecommendationService: ["ListRecommendations(ListRecommendationsRequest) ListRecommendationsResponse"],
  ProductCatalogService: [
    "ListProducts(ListProductsRequest) ListProductsResponse",
    "GetProduct(GetProductRequest) Product",
    "SearchProducts(SearchProductsRequest) SearchProductsResponse"
  ],
  ShippingService: ["GetQuote(GetQuoteRequest) GetQuoteResponse", "ShipOrder(ShipOrderRequest) ShipOrderResponse"],
  CurrencyService: [
    "GetSupportedCurrencies(Empty) GetSupportedCurrenciesResponse",
    "Convert(CurrencyConversionRequest) Money"
  ],
  PaymentService: ["Charge(ChargeRequest) ChargeResponse"],
  EmailService: ["SendOrderConfirmation(SendOrderConfirmationRequest) Empty"],
  CheckoutService: ["PlaceOrder(PlaceOrderRequest) PlaceOrderResponse"]
}

const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, Buffer.from(descriptors, "base64")))

const typeOf = (field: DescField): string => {
  const type = field.message?.name ?? (field.scalar === undefined ? "" : ScalarType[field.scalar])
  return field.fieldKind === "list" ? `repeated ${type}` : type
}

describe("an old client's", () => {
  for (const [name, fields] of Object.entries(messages)) {
    it(`message ${name} is read as it always was`, () => {
      const numbers = new Set(fields.map((field) => Number(/=(\d+)/.exec(field)?.[1])))
      const ours = registry.getMessage(`retrostation.${name}`)?.fields.filter((field) => numbers.has(field.number))
      deepStrictEqual(ours?.map((field) => `${field.name}=${field.number} ${typeOf(field)}`).sort(), [...fields].sort())
    })
  }

  for (const [name, methods] of Object.entries(rpcs)) {
    it(`calls of ${name} are answered`, () => {
      const ours = registry.getService(`retrostation.${name}`)?.methods
      const described = ours?.map((method) => `${method.name}(${method.input.name}) ${method.output.name}`)
      deepStrictEqual(
        methods.filter((method) => !described?.includes(method)),
        []
      )
    })
  }
})
