import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { CurrencyService } from "@retro/contract/CurrencyService"
import * as GrpcServer from "@retro/grpc/GrpcServer"
import * as FaultFlags from "@retro/process/FaultFlags"
import * as Process from "@retro/process/Process"
import { Layer } from "effect"
import * as Currency from "./src/Currency.ts"
import * as Rates from "./src/Rates.ts"

GrpcServer.layer(CurrencyService).pipe(
  Layer.provide(FaultFlags.layer(CurrencyService, Currency.layer)),
  Layer.provide(Rates.layerConfig),
  Layer.provide(NodeHttpClient.layer),
  Process.launch("currencyservice")
)
