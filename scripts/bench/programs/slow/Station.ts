// The shop in one process as it must not be: every call slow (see Slowly.ts), over a socket to itself, in a process that
// takes its time to start, 64 MB that it does not need, and a catalogue that is read from end to end for every question;
// twice a second it stands still for a while.
import * as Frontend from "@retro/frontend/Frontend"
import { Catalog } from "@retro/productcatalogservice/Catalog"
import * as DevMailbox from "@retro/station/DevMailbox"
import * as Station from "@retro/station/Station"
import * as Stores from "@retro/station/Stores"
import * as Process from "@retro/process/Process"
import { ConfigProvider, Effect, Layer } from "effect"
import { slowly } from "./Slowly.ts"

const wasted = Buffer.alloc(64 * 1024 * 1024, 1)
const waits = Layer.effectDiscard(Effect.sleep("600 millis"))
const readThrough = Layer.effect(
  Catalog,
  Effect.map(Catalog, (catalog) => ({
    ...catalog,
    current: Effect.map(catalog.current, (index) => ({
      ...index,
      byId: new Map(index.products.map((product) => [product.id, product]))
    }))
  }))
)
const standStill = () => {
  // Looking at it keeps it.
  for (const until = performance.now() + 30 * (wasted[0] ?? 0); performance.now() < until;);
}
setInterval(standStill, 500)
const slow: Station.Wiring = (contract, program) => Station.split(contract, slowly(contract, program))

Frontend.layer.pipe(
  // The servers within take any port; the website takes the one it is given.
  Layer.provide(Layer.setConfigProvider(ConfigProvider.fromEnv())),
  Layer.provide(DevMailbox.layer),
  Layer.provide(Station.services(slow)),
  Layer.provide(readThrough),
  Layer.provide(Layer.mergeAll(Stores.inMemory, Stores.bundled)),
  Layer.provide(waits),
  Process.launch("frontend", "station")
)
