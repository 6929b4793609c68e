import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import * as Rates from "@retro/currencyservice/Rates"
import * as Snapshot from "@retro/currencyservice/Snapshot"
import * as Frontend from "@retro/frontend/Frontend"
import { HttpServer } from "@retro/frontend/HttpServer"
import * as Catalog from "@retro/productcatalogservice/Catalog"
import { ConfigProvider, Context, Duration, Effect, Layer, Logger, LogLevel } from "effect"
import * as FaultyShop from "../src/FaultyShop.ts"
import * as Stores from "../src/Stores.ts"
import * as Shopper from "../purchase/Shopper.ts"

/** Somebody at the shop as `npm start` has it, under these variables. */
const shopperAt = (variables: Readonly<Record<string, string>> = {}) =>
  Frontend.layer.pipe(
    Layer.provide(FaultyShop.layer),
    Layer.provide([Stores.inMemory, Catalog.layerFile, Rates.layerFixed(Snapshot.table)]),
    Layer.provide(Logger.minimumLogLevel(LogLevel.None)),
    Layer.provide(
      Layer.setConfigProvider(ConfigProvider.fromMap(new Map(Object.entries({ PORT: "0", ...variables }))))
    ),
    Layer.build,
    Effect.map((built) => Shopper.make(Context.get(built, HttpServer).port))
  )

const failing = { rpc: "CartService.getCart", fault: "failure", error: "CartUnavailable", millis: "", percent: "100" }

describe("/dev/faults", () => {
  it.scopedLive("switches a fault on, shows it, and ends it", () =>
    Effect.gen(function* () {
      const shopper = yield* shopperAt()
      assertTrue((yield* shopper.get("/")).html.includes('href="/dev/faults"'))
      assertTrue((yield* shopper.get("/dev/faults")).text.includes("All trains are on time"))
      assertEquals((yield* shopper.get("/cart")).status, 200)
      const added = yield* shopper.post("/dev/faults", failing)
      deepStrictEqual([added.status, added.location], [303, "/dev/faults"])
      assertTrue(
        (yield* shopper.get("/dev/faults")).text.includes("CartService.getCart fails with CartUnavailable 100 %")
      )
      assertEquals((yield* shopper.get("/cart")).status, 503)
      assertEquals((yield* shopper.post("/dev/faults/reset", {})).location, "/dev/faults")
      assertEquals((yield* shopper.get("/cart")).status, 200)
    })
  )

  it.scopedLive("no answer is what it is to nine processes: the page says what it is without, and comes in time", () =>
    Effect.gen(function* () {
      const shopper = yield* shopperAt()
      yield* shopper.post("/dev/faults", { ...failing, fault: "hang", error: "" })
      const [took, page] = yield* Effect.timed(shopper.get("/"))
      deepStrictEqual([page.status, page.degraded], [200, "cart-size"])
      assertTrue(Duration.lessThan(took, "5 seconds"))
    })
  )

  for (const [what, change, field] of [
    ["an rpc that there is not", { rpc: "CartService.burn" }, "rpc"],
    ["an error of another rpc", { error: "CardDeclined" }, "error"],
    ["a fault that there is not", { fault: "explosion" }, "fault"],
    ["lateness without a time", { fault: "latency" }, "millis"],
    ["more than all calls", { percent: "101" }, "percent"]
  ] as const) {
    it.scopedLive(`refuses ${what}, beside its field`, () =>
      Effect.gen(function* () {
        const shopper = yield* shopperAt()
        const refused = yield* shopper.post("/dev/faults", { ...failing, ...change })
        assertEquals(refused.status, 422)
        assertTrue(refused.html.includes(`id="${field}-error"`))
        assertEquals((yield* shopper.get("/cart")).status, 200)
      })
    )
  }

  for (const [what, variables] of [
    ["FAULTS=off", { FAULTS: "off" }],
    ["production", { NODE_ENV: "production", SESSION_KEY: "0123456789abcdef0123456789abcdef" }],
    [
      "production with flags",
      { NODE_ENV: "production", SESSION_KEY: "0123456789abcdef0123456789abcdef", FAULTS: "openfeature" }
    ]
  ] as const) {
    it.scopedLive(`${what}: there is no such page`, () =>
      Effect.gen(function* () {
        const shopper = yield* shopperAt(variables)
        assertEquals((yield* shopper.get("/dev/faults")).status, 404)
        assertEquals((yield* shopper.post("/dev/faults", failing)).status, 404)
        assertEquals((yield* shopper.post("/dev/faults/reset", {})).status, 404)
        assertEquals((yield* shopper.get("/cart")).status, 200)
      })
    )
  }

  it.scopedLive("production takes faults from flags where FAULTS says so, and from nobody else", () =>
    Effect.gen(function* () {
      const flags = { "CartService.getCart": { probability: 1, fault: { _tag: "Failure", error: "CartUnavailable" } } }
      const production = {
        NODE_ENV: "production",
        SESSION_KEY: "0123456789abcdef0123456789abcdef",
        FAULT_FLAGS: JSON.stringify(flags)
      }
      assertEquals((yield* (yield* shopperAt(production)).get("/cart")).status, 200)
      assertEquals((yield* (yield* shopperAt({ ...production, FAULTS: "openfeature" })).get("/cart")).status, 503)
    })
  )
})
