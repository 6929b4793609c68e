import { describe, layer } from "@effect/vitest"
import { strictEqual } from "@effect/vitest/utils"
import { CallFailed } from "@retro/contract/Contract"
import { RecommendationService } from "@retro/contract/RecommendationService"
import * as Frontend from "@retro/frontend/Frontend"
import { HttpServer } from "@retro/frontend/HttpServer"
import { ConfigProvider, Effect, Layer, Logger, LogLevel } from "effect"
import * as Station from "../src/Station.ts"
import * as Stores from "../src/Stores.ts"
import { Chromium, installed } from "./browser/Chromium.ts"
import { halves } from "./browser/halves.ts"
import { pages } from "./browser/pages.ts"
import { purchases } from "./browser/purchases.ts"
import * as Troubles from "./browser/troubles.ts"
import { Address, atTheTill, pay, visit } from "./browser/Visit.ts"

/** A shop whose recommendations are out of service. */
const withoutRecommendations = Layer.effect(
  Address,
  Effect.map(HttpServer, ({ port }) => `http://localhost:${port}`)
).pipe(
  Layer.provide(Frontend.layer),
  Layer.provide(
    Layer.succeed(
      RecommendationService,
      RecommendationService.of({ listRecommendations: () => new CallFailed({ path: "", code: 14 }) })
    )
  ),
  Layer.provide(Station.services(Station.fused)),
  Layer.provide(Layer.merge(Stores.inMemory, Stores.bundled)),
  Layer.provide(Logger.minimumLogLevel(LogLevel.None)),
  Layer.provide(Layer.setConfigProvider(ConfigProvider.fromMap(new Map([["PORT", "0"]]))))
)

const patience = { excludeTestServices: true, timeout: "60 seconds" } as const

describe.skipIf(!installed)("in a real browser", () => {
  layer(
    Layer.merge(Chromium.layer, Address.layer),
    patience
  )((it) => {
    purchases(it)
    pages(it)
    halves(it)
  })

  layer(Layer.merge(Chromium.layer, Troubles.layer), patience)("with its troubles", Troubles.troubles)

  layer(Layer.merge(Chromium.layer, withoutRecommendations), patience)("without recommendations", (it) => {
    it.effect("D22: a product is shown and bought", () =>
      visit({}, async (page) => {
        await page.goto("/product/OLJCESPC7Z")
        strictEqual(await page.getByRole("heading", { name: "Change here for" }).count(), 0)
        await atTheTill(page)
        // There is no demo data without a dev mailbox.
        strictEqual(await pay(page).count(), 1)
      })
    )
  })
})
