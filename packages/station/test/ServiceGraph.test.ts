import { it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { HttpServer } from "@retro/frontend/HttpServer"
import { tiers } from "@retro/process/Tiers"
import { Effect, Layer } from "effect"
import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import * as ServiceGraph from "../src/ServiceGraph.ts"
import * as Station from "../src/Station.ts"
import * as Shop from "./Shop.ts"
import * as Shopper from "../purchase/Shopper.ts"
import * as TracedShop from "./TracedShop.ts"

const declared: ReadonlySet<string> = new Set(
  ServiceGraph.edges.flatMap(({ from, paths }) => paths.map((path) => `${from} → ${path}`))
)

/** Visits every page and sends every form, then buys with a card that is declined and with one that is good. */
const shopping = Effect.gen(function* () {
  const { port } = yield* HttpServer
  const shopper = Shopper.make(port)
  yield* shopper.get("/")
  yield* shopper.post("/setCurrency", { currency_code: "EUR" })
  yield* shopper.get("/search?q=scarab")
  yield* shopper.get("/product/OLJCESPC7Z")
  yield* shopper.post("/cart", { product_id: "OLJCESPC7Z", quantity: "1" })
  yield* shopper.post("/cart/update", { product_id: "OLJCESPC7Z", quantity: "2" })
  yield* shopper.post("/cart/empty", {})
  yield* shopper.post("/cart", { product_id: "66VCHSJNUP", quantity: "1" })
  const cart = yield* shopper.get("/cart")
  const declined = yield* shopper.post("/cart/checkout", { ...form(cart), credit_card_number: "4432801561520512" })
  assertEquals(declined.status, 402)
  const placed = yield* shopper.post("/cart/checkout", form(declined))
  const order = yield* shopper.get(placed.location ?? "")
  yield* shopper.get("/orders")
  assertEquals((yield* shopper.get(/\/track\/[A-Z0-9]+/.exec(order.html)?.[0] ?? "")).status, 200)
})

const form = (cart: Shopper.Page) => ({
  ...Shopper.hidden(cart, "/cart/checkout"),
  email: "graph@example.com",
  name: "G. Raph",
  street_address: "1 Edge Way",
  zip_code: "00123",
  city: "Vertex",
  state: "",
  country: "US",
  credit_card_number: "4432801561520454",
  credit_card_expiration_month: "1",
  credit_card_expiration_year: "2039",
  credit_card_cvv: "672"
})

/** Arrows that only misfortune takes: undoing a charge or a parcel. */
const inMisfortune: ReadonlySet<string> = new Set([
  "checkoutservice → /retrostation.PaymentService/Refund",
  "checkoutservice → /retrostation.PaymentService/Void",
  "checkoutservice → /retrostation.ShippingService/CancelShipment"
])

/** Arrows that programs outside take: through `/rpc`, or by ordering without a key, as old clients do. */
const forPrograms: ReadonlySet<string> = new Set([
  "frontend → /retrostation.CurrencyService/Convert",
  "checkoutservice → /retrostation.CartService/GetCart"
])

it.scopedLive("D32: the traces of a shopper show every call of the service graph, and no other", () =>
  Effect.gen(function* () {
    const { all, layer } = TracedShop.make()
    yield* Effect.provide(shopping, Layer.provide(Shop.layer(Station.split), layer))
    const seen = TracedShop.calls(yield* all)
    deepStrictEqual(
      [...seen].filter((arrow) => !declared.has(arrow)),
      []
    )
    deepStrictEqual(
      [...declared].filter((arrow) => !seen.has(arrow) && !inMisfortune.has(arrow) && !forPrograms.has(arrow)),
      []
    )
  })
)

const source = (tier: string): string => {
  const folder = fileURLToPath(new URL(`../../${tier}/src`, import.meta.url))
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(`${entry.parentPath}/${entry.name}`, "utf8"))
    .join("\n")
}

it("D32: what only misfortune calls is called by its caller's program", () => {
  for (const arrow of inMisfortune) {
    const [, caller = "", rpc = ""] = /^(\w+) → .*\/(\w+)$/.exec(arrow) ?? []
    const name = rpc.charAt(0).toLowerCase() + rpc.slice(1)
    assertTrue(new RegExp(`\\.${name}\\(`).test(source(caller)), arrow)
  }
})

it("every tier that answers over gRPC is called by another, and every caller is a tier", () => {
  const called = new Set(ServiceGraph.edges.map(({ to }) => to))
  deepStrictEqual([...called].sort(), Object.keys(ServiceGraph.contracts).sort())
  assertTrue(ServiceGraph.edges.every(({ from }) => from in tiers))
})

it("the host that rates come from is the one that the program asks", () => {
  const program = readFileSync(new URL("../../currencyservice/src/RateSourceEcb.ts", import.meta.url), "utf8")
  assertTrue(program.includes(`https://${ServiceGraph.outside.currencyservice.host}/`))
})
