import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { CurrencyService } from "@retro/contract/CurrencyService"
import * as GrpcServer from "@retro/grpc/GrpcServer"
import * as Process from "@retro/process/Process"
import { Config, Effect, Layer } from "effect"
import * as Currency from "./src/Currency.ts"
import * as Rates from "./src/Rates.ts"
import * as RateSourceEcb from "./src/RateSourceEcb.ts"
import * as Snapshot from "./src/Snapshot.ts"

/** `RATES`: ecb for the European Central Bank's daily table, snapshot for the bundled one and no network. */
const rates = Layer.unwrapEffect(
  Effect.map(Config.withDefault(Config.literal("ecb", "snapshot")("RATES"), "ecb"), (source) =>
    source === "ecb"
      ? Rates.layer.pipe(Layer.provide(RateSourceEcb.layerEcb), Layer.provide(NodeHttpClient.layer))
      : Rates.layerFixed(Snapshot.table)
  )
)

GrpcServer.layer(CurrencyService).pipe(
  Layer.provide(Currency.layer),
  Layer.provide(rates),
  Process.launch("currencyservice")
)
