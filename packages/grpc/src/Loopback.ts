import type { Rpc } from "@effect/rpc"
import type { Contract } from "@retro/contract/Contract"
import { ConfigProvider, Effect, Layer } from "effect"
import * as GrpcClient from "./GrpcClient.ts"
import * as GrpcServer from "./GrpcServer.ts"

/** A program behind a real socket of this machine, called back through it: the same tag, one gRPC hop away. */
export const layer = <Self, R extends Rpc.Any, E, RIn>(
  contract: Contract<Self, R>,
  program: Layer.Layer<Self, E, RIn>
) =>
  Layer.unwrapScoped(
    Effect.map(GrpcServer.GrpcServer, ({ port }) => GrpcClient.layer(contract, `127.0.0.1:${port}`))
  ).pipe(Layer.provide(GrpcServer.layer(contract).pipe(Layer.provide(anyFreePort))), Layer.provide(program))

const anyFreePort = Layer.unwrapEffect(
  Effect.map(Effect.configProviderWith(Effect.succeed), (provider) =>
    Layer.setConfigProvider(ConfigProvider.orElse(ConfigProvider.fromMap(new Map([["PORT", "0"]])), () => provider))
  )
)
