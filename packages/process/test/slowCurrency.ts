// A currencyservice whose conversions wait for a line on standard input.
import { CurrencyService } from "@retro/contract/CurrencyService"
import * as GrpcServer from "@retro/grpc/GrpcServer"
import { Effect, Layer } from "effect"
import * as Process from "../src/Process.ts"

const lineOfInput = Effect.async<void>((resume) => {
  process.stdin.once("data", () => {
    process.stdin.pause()
    resume(Effect.void)
  })
})

GrpcServer.layer(CurrencyService).pipe(
  Layer.provide(
    Layer.mock(CurrencyService, {
      convert: ({ from }) => Effect.logInfo("converting").pipe(Effect.zipRight(lineOfInput), Effect.as(from))
    })
  ),
  Process.launch("currencyservice")
)
