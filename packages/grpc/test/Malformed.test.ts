import { layer } from "@effect/vitest"
import { assertEquals } from "@effect/vitest/utils"
import * as grpc from "@grpc/grpc-js"
import { CurrencyService } from "@retro/contract/CurrencyService"
import { ConfigProvider, Effect, Layer } from "effect"
import * as GrpcServer from "../src/GrpcServer.ts"

const server = GrpcServer.layer(CurrencyService).pipe(
  Layer.provide(Layer.mock(CurrencyService, {})),
  Layer.provide(Layer.setConfigProvider(ConfigProvider.fromMap(new Map([["PORT", "0"]]))))
)

/** A length that is longer than what follows: no protobuf message. */
const noMessage = Buffer.from([0x0a, 0x7f, 0x01])
const same = (bytes: Buffer) => bytes

/** The status that bytes which are no message end in. */
const statusOf = Effect.fnUntraced(function* (path: string, kind: "unary" | "stream") {
  const { port } = yield* GrpcServer.GrpcServer
  const client = yield* Effect.acquireRelease(
    Effect.sync(() => new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure())),
    (client) => Effect.sync(() => client.close())
  )
  return yield* Effect.async<number | undefined>((resume) => {
    const done = (error: { readonly code?: number } | null) => resume(Effect.succeed(error?.code))
    if (kind === "unary") return void client.makeUnaryRequest(path, same, same, noMessage, done)
    client.makeServerStreamRequest(path, same, same, noMessage).on("error", done).resume()
  })
})

layer(server, { excludeTestServices: true })("bytes that are no message", (it) => {
  for (const [path, kind] of [
    ["/retrostation.CurrencyService/Convert", "unary"],
    ["/grpc.health.v1.Health/Check", "unary"],
    ["/grpc.health.v1.Health/Watch", "stream"],
    ["/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", "stream"],
    ["/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", "stream"]
  ] as const) {
    it.scoped(`are their sender's mistake to ${path}`, () =>
      Effect.map(statusOf(path, kind), (code) => assertEquals(code, grpc.status.INVALID_ARGUMENT))
    )
  }
})
