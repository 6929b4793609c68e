import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { JournalStore } from "@retro/checkoutservice/JournalStore"
import * as Rates from "@retro/currencyservice/Rates"
import * as Snapshot from "@retro/currencyservice/Snapshot"
import * as Frontend from "@retro/frontend/Frontend"
import { HttpServer } from "@retro/frontend/HttpServer"
import * as Catalog from "@retro/productcatalogservice/Catalog"
import { ConfigProvider, Context, Effect, Layer, Logger, LogLevel } from "effect"
import * as DevJournal from "../src/DevJournal.ts"
import * as Station from "../src/Station.ts"
import * as Stores from "../src/Stores.ts"
import * as Canaries from "./Canaries.ts"
import * as Shopper from "../purchase/Shopper.ts"

/** Somebody at the shop under these variables, and its journals. */
const visit = (variables: Readonly<Record<string, string>> = {}) =>
  Frontend.layer.pipe(
    Layer.provide(DevJournal.layer),
    Layer.provide(Station.services(Station.fused)),
    Layer.provideMerge(Layer.mergeAll(Stores.inMemory, Catalog.layerFile, Rates.layerFixed(Snapshot.table))),
    Layer.provide(Logger.minimumLogLevel(LogLevel.None)),
    Layer.provide(
      Layer.setConfigProvider(ConfigProvider.fromMap(new Map(Object.entries({ PORT: "0", ...variables }))))
    ),
    Layer.build,
    Effect.map((built) => ({
      shopper: Shopper.make(Context.get(built, HttpServer).port),
      store: Context.get(built, JournalStore)
    }))
  )

const buy = Effect.fnUntraced(function* (shopper: Shopper.Shopper, number: string) {
  yield* shopper.post("/cart", { product_id: "OLJCESPC7Z", quantity: "1" })
  return yield* shopper.post("/cart/checkout", {
    ...Shopper.hidden(yield* shopper.get("/cart"), "/cart/checkout"),
    email: Canaries.person.email,
    name: Canaries.person.name,
    street_address: Canaries.person.street,
    zip_code: "01234",
    city: "Springfield",
    state: "",
    country: "US",
    credit_card_number: number,
    credit_card_expiration_month: "1",
    credit_card_expiration_year: "2039",
    credit_card_cvv: Canaries.card.securityCode
  })
})

describe("/dev/journal", () => {
  it.scopedLive("shows how orders went, step by step, and nothing of who placed them", () =>
    Effect.gen(function* () {
      const { shopper } = yield* visit()
      assertTrue((yield* shopper.get("/")).html.includes('href="/dev/journal"'))
      assertTrue((yield* shopper.get("/dev/journal")).text.includes("book is blank"))
      assertEquals((yield* buy(shopper, "4432801561520512")).status, 402)
      assertEquals((yield* buy(shopper, "4432801561520454")).status, 303)
      const { html, text } = yield* shopper.get("/dev/journal")
      assertTrue(text.includes("0 in flight, 0 parked, 1 done, 1 failed, 0 failed and undone"))
      assertTrue(text.includes("Step Outcome price done charge failed: CardDeclined answer written"))
      assertTrue(text.includes("price done charge done ship done answer written clear-cart done mail done"))
      deepStrictEqual(Canaries.found(html, Canaries.person), [])
    })
  )

  it.scopedLive("shows what is parked, and puts it back", () =>
    Effect.gen(function* () {
      const { shopper, store } = yield* visit()
      const claim = yield* store.claim({ id: "held-up", program: "Sum@1", group: "", fingerprint: "", input: "" })
      assertTrue(claim._tag === "Mine")
      yield* store.park("held-up", claim.owner)
      const page = yield* shopper.get("/dev/journal")
      assertTrue(page.text.includes("1 parked"))
      const back = yield* shopper.post("/dev/journal/retry", Shopper.hidden(page, "/dev/journal/retry"))
      deepStrictEqual([back.status, back.location], [303, "/dev/journal"])
      assertTrue((yield* shopper.get("/dev/journal")).text.includes("1 in flight, 0 parked"))
      deepStrictEqual((yield* store.parked).length, 0)
    })
  )

  it.scopedLive("is not there in production", () =>
    Effect.gen(function* () {
      const { shopper } = yield* visit({ NODE_ENV: "production", SESSION_KEY: "0123456789abcdef0123456789abcdef" })
      assertEquals((yield* shopper.get("/dev/journal")).status, 404)
      assertEquals((yield* shopper.post("/dev/journal/retry", { id: "held-up" })).status, 404)
    })
  )
})
