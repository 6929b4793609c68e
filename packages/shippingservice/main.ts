import { ShippingService } from "@retro/contract/ShippingService"
import * as GrpcServer from "@retro/grpc/GrpcServer"
import { Readiness } from "@retro/grpc/Readiness"
import * as OutcomesFile from "@retro/outcomes/OutcomesFile"
import * as OutcomesMemory from "@retro/outcomes/OutcomesMemory"
import * as OutcomesRedis from "@retro/outcomes/OutcomesRedis"
import * as Persistence from "@retro/process/Persistence"
import * as FaultFlags from "@retro/process/FaultFlags"
import * as Process from "@retro/process/Process"
import * as Redis from "@retro/redis/Redis"
import { Layer } from "effect"
import * as Carrier from "./src/Carrier.ts"
import * as Shipping from "./src/Shipping.ts"

/** Not SERVING while Redis does not answer. */
const readiness = Layer.effect(Readiness, Redis.answers)

const outcomes = Persistence.choose({
  redis: Layer.provide(Layer.merge(OutcomesRedis.layerRedis, readiness), Redis.layerConfig),
  file: OutcomesFile.layerConfig("shippingservice"),
  memory: OutcomesMemory.layerMemory,
  meaning: "what was shipped is remembered in memory and forgotten with this process"
})

GrpcServer.layer(ShippingService).pipe(
  Layer.provide(FaultFlags.layer(ShippingService, Shipping.layer)),
  Layer.provide(Carrier.layerMock),
  Layer.provide(outcomes),
  Process.launch("shippingservice")
)
