import { it } from "@effect/vitest"
import { assertEquals } from "@effect/vitest/utils"
import { CurrencyService } from "@retro/contract/CurrencyService"
import { ConfigProvider, Context, Effect, Layer, Ref } from "effect"
import * as GrpcServer from "../src/GrpcServer.ts"
import * as HealthClient from "../src/HealthClient.ts"
import { Readiness } from "../src/Readiness.ts"

it.scopedLive("D28: a server whose own store is gone is NOT_SERVING, and SERVING again when it is back", () =>
  Effect.gen(function* () {
    const store = yield* Ref.make(true)
    const server = GrpcServer.layer(CurrencyService).pipe(
      Layer.provide(Layer.mock(CurrencyService, {})),
      Layer.provide(Layer.succeed(Readiness, Ref.get(store))),
      Layer.provide(Layer.setConfigProvider(ConfigProvider.fromMap(new Map([["PORT", "0"]]))))
    )
    const { port } = Context.get(yield* Layer.build(server), GrpcServer.GrpcServer)
    const becomes = (serving: boolean) =>
      HealthClient.isServing(`127.0.0.1:${port}`).pipe(
        Effect.repeat({ until: (now) => now === serving }),
        Effect.timeout("5 seconds")
      )
    assertEquals(yield* becomes(true), true)
    yield* Ref.set(store, false)
    assertEquals(yield* becomes(false), false)
    yield* Ref.set(store, true)
    assertEquals(yield* becomes(true), true)
  })
)
