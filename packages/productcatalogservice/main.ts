import { ProductCatalogService } from "@retro/contract/ProductCatalogService"
import * as GrpcServer from "@retro/grpc/GrpcServer"
import * as FaultFlags from "@retro/process/FaultFlags"
import * as Process from "@retro/process/Process"
import { Layer } from "effect"
import * as Catalog from "./src/Catalog.ts"
import * as ProductCatalog from "./src/ProductCatalog.ts"
import * as ReloadSignals from "./src/ReloadSignals.ts"

GrpcServer.layer(ProductCatalogService).pipe(
  Layer.provide(FaultFlags.layer(ProductCatalogService, ProductCatalog.layer)),
  Layer.merge(ReloadSignals.layer),
  Layer.provide(Catalog.layerFile),
  Process.launch("productcatalogservice")
)
