import { describe, it } from "@effect/vitest"
import { assertTrue, strictEqual } from "@effect/vitest/utils"
import * as grpc from "@grpc/grpc-js"
import { CurrencyServiceService } from "@retro/contract/generated/retrostation/currency"
import { CurrencyService } from "@retro/contract/CurrencyService"
import { ConfigProvider, Context, Effect, Layer } from "effect"
import * as GrpcServer from "../src/GrpcServer.ts"

describe("a hostile request", () => {
  const send = (size: number) =>
    Effect.gen(function* () {
      const { port } = Context.get(
        yield* Layer.build(
          GrpcServer.layer(CurrencyService).pipe(
            Layer.provide(Layer.mock(CurrencyService, {})),
            Layer.provide(Layer.setConfigProvider(ConfigProvider.fromMap(new Map([["PORT", "0"]]))))
          )
        ),
        GrpcServer.GrpcServer
      )
      return yield* Effect.async<grpc.ServiceError | null>((resume) => {
        const client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure())
        const { path, requestSerialize } = CurrencyServiceService.convertBatch
        const from = Array.from({ length: size }, () => ({ currencyCode: "no", units: 1n, nanos: -1 }))
        client.makeUnaryRequest(
          path,
          requestSerialize,
          (bytes) => bytes,
          { from, toCode: "EUR", toMinorUnit: true },
          (error) => {
            client.close()
            resume(Effect.succeed(error))
          }
        )
      })
    })

  it.scopedLive("with a thousand wrong fields is refused for the first of them: a header is too small for all", () =>
    Effect.map(send(1000), (error) => {
      strictEqual(error?.code, grpc.status.INVALID_ARGUMENT)
      assertTrue(error?.details.startsWith("invalid request: from.0.currencyCode, from.1.currencyCode, "))
      assertTrue((error?.details.length ?? 0) < 1000)
    })
  )

  it.scopedLive("larger than any of ours is refused unread", () =>
    Effect.map(send(100_000), (error) => strictEqual(error?.code, grpc.status.RESOURCE_EXHAUSTED))
  )
})
