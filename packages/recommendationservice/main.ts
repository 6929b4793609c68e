import { ProductCatalogService } from "@retro/contract/ProductCatalogService"
import { RecommendationService } from "@retro/contract/RecommendationService"
import * as GrpcClient from "@retro/grpc/GrpcClient"
import * as GrpcServer from "@retro/grpc/GrpcServer"
import * as FaultFlags from "@retro/process/FaultFlags"
import * as Process from "@retro/process/Process"
import { Layer } from "effect"
import * as Recommendation from "./src/Recommendation.ts"

GrpcServer.layer(RecommendationService).pipe(
  Layer.provide(FaultFlags.layer(RecommendationService, Recommendation.layer)),
  Layer.provide(GrpcClient.layerConfig(ProductCatalogService, "PRODUCT_CATALOG_SERVICE_ADDR")),
  Process.launch("recommendationservice")
)
