import { ShippingService } from "@retro/contract/ShippingService"
import * as GrpcServer from "@retro/grpc/GrpcServer"
import * as OutcomesFile from "@retro/outcomes/OutcomesFile"
import * as OutcomesMemory from "@retro/outcomes/OutcomesMemory"
import * as OutcomesRedis from "@retro/outcomes/OutcomesRedis"
import * as Persistence from "@retro/process/Persistence"
import * as Process from "@retro/process/Process"
import * as Redis from "@retro/redis/Redis"
import { Layer } from "effect"
import * as Carrier from "./src/Carrier.ts"
import * as Shipping from "./src/Shipping.ts"

const outcomes = Persistence.choose({
  redis: Layer.provide(OutcomesRedis.layerRedis, Redis.layerConfig),
  file: OutcomesFile.layerConfig("shippingservice"),
  memory: OutcomesMemory.layerMemory,
  meaning: "what was shipped is remembered in memory and forgotten with this process"
})

GrpcServer.layer(ShippingService).pipe(
  Layer.provide(Shipping.layer),
  Layer.provide(Carrier.layerMock),
  Layer.provide(outcomes),
  Process.launch("shippingservice")
)
