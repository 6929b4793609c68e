// currencyservice as it must not be: see Slowly.ts.
import { CurrencyService } from "@retro/contract/CurrencyService"
import * as Currency from "@retro/currencyservice/Currency"
import * as Rates from "@retro/currencyservice/Rates"
import * as Snapshot from "@retro/currencyservice/Snapshot"
import * as GrpcServer from "@retro/grpc/GrpcServer"
import * as Process from "@retro/process/Process"
import { Layer } from "effect"
import { slowly } from "./Slowly.ts"

GrpcServer.layer(CurrencyService).pipe(
  Layer.provide(slowly(CurrencyService, Currency.layer)),
  Layer.provide(Rates.layerFixed(Snapshot.table)),
  Process.launch("currencyservice")
)
