import { layer } from "@effect/vitest"
import { assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { HttpServer } from "@retro/frontend/HttpServer"
import { Context, Effect, Layer } from "effect"
import { gzipSync } from "node:zlib"
import * as Budgets from "../../../scripts/bench/Budgets.ts"
import * as Station from "../src/Station.ts"
import * as Shop from "./Shop.ts"
import * as Shopper from "../purchase/Shopper.ts"

const asked: Array<string> = []

/** Services that write down what they are asked. */
const counted: Station.Wiring = (contract, program) =>
  Layer.map(program, (context) => {
    const methods = Object.entries<(payload: any) => Effect.Effect<any, any>>(Context.get(context, contract))
    const watched = methods.map(([name, method]) => [
      name,
      (payload: unknown) => Effect.suspend(() => (asked.push(name), method(payload)))
    ])
    return Context.make(contract, Object.fromEntries(watched) as Context.Tag.Service<typeof contract>)
  })

const pages = { home: "/", search: "/search?q=light", product: "/product/OLJCESPC7Z", cart: "/cart" } as const

/** A shopper with two games in a cart of yen, who has seen every page once. */
const regular = Effect.gen(function* () {
  const { port } = yield* HttpServer
  const shopper = Shopper.make(port)
  yield* shopper.get("/")
  yield* shopper.post("/setCurrency", { currency_code: "JPY", return_to: "/" })
  for (const id of ["OLJCESPC7Z", "9SIQT8TOJO"]) yield* shopper.post("/cart", { product_id: id, quantity: "2" })
  yield* Effect.forEach(Object.values(pages), (path) => shopper.get(path))
  return shopper
})

layer(Shop.layer(counted), { excludeTestServices: true })("what a page costs once it is warm", (it) => {
  for (const page of ["home", "search", "product", "cart"] as const) {
    it.effect(`${page}: at most ${Budgets.calls[page]} calls and ${Budgets.pageBytes[page]} bytes`, () =>
      Effect.gen(function* () {
        const shopper = yield* regular
        asked.length = 0
        const { html, status } = yield* shopper.get(pages[page])
        deepStrictEqual(status, 200)
        assertTrue(asked.length <= Budgets.calls[page], `asked for ${asked.join(", ")}`)
        const bytes = gzipSync(html, { level: 1 }).length
        assertTrue(bytes <= Budgets.pageBytes[page], `${bytes} bytes`)
      })
    )
  }
})
