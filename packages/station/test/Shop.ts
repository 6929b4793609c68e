import * as Rates from "@retro/currencyservice/Rates"
import * as Snapshot from "@retro/currencyservice/Snapshot"
import * as Frontend from "@retro/frontend/Frontend"
import type * as Money from "@retro/domain/Money"
import { PaymentGateway } from "@retro/paymentservice/PaymentGateway"
import * as Catalog from "@retro/productcatalogservice/Catalog"
import { ConfigProvider, Context, Effect, Layer, Logger, LogLevel } from "effect"
import * as DevMailbox from "../src/DevMailbox.ts"
import * as Station from "../src/Station.ts"
import * as Stores from "../src/Stores.ts"

/** What the card network was asked for, in order. */
export class Charges extends Context.Tag("@retro/station/test/Charges")<Charges, Array<Money.Money>>() {}

/** The gateway, watched. */
const watchedGateway = Layer.effect(
  PaymentGateway,
  Effect.gen(function* () {
    const gateway = yield* PaymentGateway
    const charges = yield* Charges
    return {
      ...gateway,
      charge: (request) => Effect.tap(gateway.charge(request), () => Effect.sync(() => charges.push(request.amount)))
    }
  })
)

/** Configuration that asks for any free port and says nothing else. */
export const anyPort = Layer.setConfigProvider(ConfigProvider.fromMap(new Map([["PORT", "0"]])))

/** The whole shop with its website on any free port; rates are the bundled table of 2026-10-02. */
export const layer = (wiring: Station.Wiring) =>
  Frontend.layer.pipe(
    Layer.provide(DevMailbox.layer),
    Layer.provideMerge(Station.services(wiring)),
    Layer.provide(watchedGateway),
    Layer.provideMerge(Layer.mergeAll(Stores.inMemory, Catalog.layerFile, Rates.layerFixed(Snapshot.table))),
    Layer.provideMerge(Layer.sync(Charges, () => [])),
    Layer.provide(Logger.minimumLogLevel(LogLevel.None)),
    Layer.provide(anyPort)
  )
