import { ShippingService } from "@retro/contract/ShippingService"
import * as GrpcServer from "@retro/grpc/GrpcServer"
import * as Outcomes from "@retro/outcomes/Outcomes"
import * as Process from "@retro/process/Process"
import { Layer } from "effect"
import * as Carrier from "./src/Carrier.ts"
import * as Shipping from "./src/Shipping.ts"

GrpcServer.layer(ShippingService).pipe(
  Layer.provide(Shipping.layer),
  Layer.provide(Carrier.layerMock),
  Layer.provide(Outcomes.layerMemory),
  Process.launch("shippingservice")
)
