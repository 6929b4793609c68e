// The shop that the fuzzer shoots at: the website, and all eight services over gRPC, in one process with everything in
// memory. Tells its parent where it listens and, when asked, what the questions since the last time did to it.
import * as Rates from "@retro/currencyservice/Rates"
import * as Snapshot from "@retro/currencyservice/Snapshot"
import * as Frontend from "@retro/frontend/Frontend"
import { HttpServer } from "@retro/frontend/HttpServer"
import * as GrpcServer from "@retro/grpc/GrpcServer"
import * as Catalog from "@retro/productcatalogservice/Catalog"
import { ConfigProvider, Context, Effect, Layer, Logger, LogLevel } from "effect"
import * as DevMailbox from "../../src/DevMailbox.ts"
import * as Station from "../../src/Station.ts"
import * as Stores from "../../src/Stores.ts"
import * as Stalls from "../Stalls.ts"

const errors: Array<string> = []
const listener = Logger.make(({ annotations, logLevel, message }) => {
  if (!LogLevel.greaterThanEqual(logLevel, LogLevel.Error)) return
  errors.push(`${String(message)} ${JSON.stringify(Object.fromEntries(annotations))}`)
})

const variables = { PORT: "0", SEARCH_LIMIT: "0", CART_LIMIT: "0", CHECKOUT_LIMIT: "0", DECLINE_LIMIT: "0" }

const shop = Layer.merge(Frontend.layer, GrpcServer.layer(...Station.contracts)).pipe(
  Layer.provide(DevMailbox.layer),
  Layer.provide(Station.services(Station.fused)),
  Layer.provide([Stores.inMemory, Catalog.layerFile, Rates.layerFixed(Snapshot.table)]),
  Layer.provide(Logger.replace(Logger.defaultLogger, listener)),
  Layer.provide(Layer.setConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(variables)))))
)

const tell = (message: unknown) => void process.send?.(message)

await Effect.runPromise(
  Effect.scoped(
    Effect.gen(function* () {
      const built = yield* Layer.build(shop)
      const stalls = Stalls.watch()
      process.on("message", (what) => {
        if (what === "glance") return tell(stalls.take().busy)
        const measured = stalls.take()
        globalThis.gc?.()
        // The collection is no work of the shop's.
        stalls.take()
        const heap = process.memoryUsage().heapUsed
        return tell({ ...measured, errors: errors.splice(0), heap })
      })
      process.once("disconnect", () => process.exit(0))
      tell({ http: Context.get(built, HttpServer).port, grpc: Context.get(built, GrpcServer.GrpcServer).port })
      return yield* Effect.never
    })
  )
)
