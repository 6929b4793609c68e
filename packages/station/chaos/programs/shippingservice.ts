// shippingservice as its main.ts has it in a cluster, but for the carrier: one that keeps books which no fault touches.
import { ShippingService } from "@retro/contract/ShippingService"
import * as GrpcServer from "@retro/grpc/GrpcServer"
import * as OutcomesRedis from "@retro/outcomes/OutcomesRedis"
import * as Process from "@retro/process/Process"
import * as Redis from "@retro/redis/Redis"
import * as Shipping from "@retro/shippingservice/Shipping"
import { Layer } from "effect"
import * as Outside from "../Outside.ts"

GrpcServer.layer(ShippingService).pipe(
  Layer.provide(Shipping.layer),
  Layer.provide([Outside.layerCarrier, OutcomesRedis.layerRedis]),
  Layer.provide(Redis.layerConfig),
  Process.launch("shippingservice")
)
