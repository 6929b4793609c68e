import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Rates from "@retro/currencyservice/Rates"
import * as Frontend from "@retro/frontend/Frontend"
import * as Hops from "@retro/grpc/Hops"
import * as Process from "@retro/process/Process"
import * as Catalog from "@retro/productcatalogservice/Catalog"
import * as RecentSpans from "@retro/telemetry/RecentSpans"
import { Layer } from "effect"
import * as DevJournal from "./src/DevJournal.ts"
import * as DevMailbox from "./src/DevMailbox.ts"
import * as FaultyShop from "./src/FaultyShop.ts"
import * as PortOption from "./src/PortOption.ts"
import * as Stores from "./src/Stores.ts"
import * as Welcome from "./src/Welcome.ts"

const rates = Hops.inService("currencyservice")(Layer.provide(Rates.layerConfig, NodeHttpClient.layer))

Welcome.layer.pipe(
  Layer.provideMerge(Frontend.layer),
  Layer.provide([DevMailbox.layer, DevJournal.layer]),
  Layer.provide(FaultyShop.layer),
  Layer.provide(Layer.mergeAll(Stores.inMemory, Catalog.layerFile, rates)),
  Layer.provide(PortOption.layer),
  Process.launch("frontend", "station", RecentSpans.usual)
)
