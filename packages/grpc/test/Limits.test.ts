import { describe, it } from "@effect/vitest"
import { assertTrue, strictEqual } from "@effect/vitest/utils"
import * as grpc from "@grpc/grpc-js"
import { CurrencyServiceService } from "@retro/contract/generated/retrostation/currency"
import { CurrencyService } from "@retro/contract/CurrencyService"
import { ConfigProvider, Context, Effect, Layer } from "effect"
import * as GrpcClient from "../src/GrpcClient.ts"
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

describe("an answer larger than any of ours", () => {
  const answer = { currencyCodes: [], ratesDate: "x".repeat(5 * 1024 * 1024) }

  it.scopedLive("is not sent", () =>
    Effect.gen(function* () {
      const { port } = Context.get(
        yield* Layer.build(
          GrpcServer.layer(CurrencyService).pipe(
            Layer.provide(Layer.mock(CurrencyService, { getSupportedCurrencies: () => Effect.succeed(answer) })),
            Layer.provide(Layer.setConfigProvider(ConfigProvider.fromMap(new Map([["PORT", "0"]]))))
          )
        ),
        GrpcServer.GrpcServer
      )
      const error = yield* Effect.async<grpc.ServiceError | null>((resume) => {
        const anySize = { "grpc.max_receive_message_length": -1 }
        const client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), anySize)
        const { path } = CurrencyServiceService.getSupportedCurrencies
        client.makeUnaryRequest(
          path,
          (bytes: Buffer) => bytes,
          (bytes) => bytes,
          Buffer.alloc(0),
          (error) => {
            client.close()
            resume(Effect.succeed(error))
          }
        )
      })
      strictEqual(error?.code, grpc.status.RESOURCE_EXHAUSTED)
    })
  )

  it.scopedLive("is not taken from a server that sends one", () =>
    Effect.gen(function* () {
      const server = yield* Effect.acquireRelease(
        Effect.sync(() => new grpc.Server({ "grpc.max_send_message_length": -1 })),
        (server) => Effect.sync(() => server.forceShutdown())
      )
      server.addService(
        { getSupportedCurrencies: CurrencyServiceService.getSupportedCurrencies },
        { getSupportedCurrencies: (_call: unknown, reply: grpc.sendUnaryData<typeof answer>) => reply(null, answer) }
      )
      const port = yield* Effect.async<number>((resume) => {
        server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (_error, port) =>
          resume(Effect.succeed(port))
        )
      })
      const refusal = yield* CurrencyService.pipe(
        Effect.flatMap((service) => service.getSupportedCurrencies()),
        Effect.map(({ ratesDate }) => ratesDate.length),
        Effect.flip,
        Effect.provide(GrpcClient.layer(CurrencyService, `127.0.0.1:${port}`))
      )
      strictEqual("code" in refusal ? refusal.code : undefined, grpc.status.RESOURCE_EXHAUSTED)
    })
  )
})
