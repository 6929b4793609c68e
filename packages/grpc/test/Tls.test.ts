import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual, strictEqual } from "@effect/vitest/utils"
import { CallFailed } from "@retro/contract/Contract"
import { CurrencyService } from "@retro/contract/CurrencyService"
import { codes } from "@retro/contract/Status"
import * as Money from "@retro/domain/Money"
import { ConfigError, ConfigProvider, Context, Effect, Either, Exit, Layer, Option } from "effect"
import { writeFileSync } from "node:fs"
import * as GrpcClient from "../src/GrpcClient.ts"
import * as GrpcServer from "../src/GrpcServer.ts"
import * as HealthClient from "../src/HealthClient.ts"
import * as Certificates from "./Certificates.ts"

const usd1 = Either.getOrThrow(Money.make("USD", 1n, 0))
const convert = Effect.flatMap(CurrencyService, (service) => service.convert({ from: usd1, toCode: "EUR" }))

type Variables = Readonly<Record<string, string>>

const configured = (variables: Variables) =>
  Layer.setConfigProvider(ConfigProvider.fromMap(new Map(Object.entries({ PORT: "0", ...variables }))))

const server = (variables: Variables) =>
  GrpcServer.layer(CurrencyService).pipe(
    Layer.provide(Layer.mock(CurrencyService, { convert: ({ from }) => Effect.succeed(from) })),
    Layer.provide(configured(variables)),
    Layer.build,
    Effect.map(Context.get(GrpcServer.GrpcServer))
  )

const callAs = (variables: Variables, port: number, host = "127.0.0.1") =>
  Effect.provide(convert, Layer.provide(GrpcClient.layer(CurrencyService, `${host}:${port}`), configured(variables)))

const isUnanswered = (exit: Exit.Exit<Money.Money, unknown>) =>
  Exit.isFailure(exit) &&
  exit.cause._tag === "Fail" &&
  exit.cause.error instanceof CallFailed &&
  exit.cause.error.code === codes.UNAVAILABLE

const identity = ({ certificate, key }: Certificates.Pair): Variables => ({
  GRPC_TLS_CERT: certificate,
  GRPC_TLS_KEY: key
})

describe.skipIf(!Certificates.installed)("gRPC over TLS", () => {
  it.scopedLive("answers who believes its authority; who does not, or speaks plainly, gets no answer", () =>
    Effect.gen(function* () {
      const { authority, server: own, stranger } = yield* Certificates.make
      const { port } = yield* server(identity(own))
      assertEquals(yield* callAs({ GRPC_TLS_CA: authority }, port), usd1)
      for (const caller of [{ GRPC_TLS_CA: stranger.authority }, {}])
        assertTrue(isUnanswered(yield* Effect.exit(callAs(caller, port))))
    })
  )

  it.scopedLive("asks callers for a certificate where it has an authority: none and a stranger's are refused", () =>
    Effect.gen(function* () {
      const { authority, client, server: own, stranger } = yield* Certificates.make
      const { port } = yield* server({ ...identity(own), GRPC_TLS_CA: authority })
      assertEquals(yield* callAs({ ...identity(client), GRPC_TLS_CA: authority }, port), usd1)
      for (const caller of [{}, identity(stranger)])
        assertTrue(isUnanswered(yield* Effect.exit(callAs({ ...caller, GRPC_TLS_CA: authority }, port))))
    })
  )

  it.scopedLive("does not call a server by another name than its certificate's", () =>
    Effect.gen(function* () {
      const { authority, server: own } = yield* Certificates.make
      const { port } = yield* server(identity(own))
      assertTrue(isUnanswered(yield* Effect.exit(callAs({ GRPC_TLS_CA: authority }, port, "127.0.0.2"))))
    })
  )

  it.scopedLive("answers probes plainly on a port of their own, and nothing else there", () =>
    Effect.gen(function* () {
      const { authority, server: own } = yield* Certificates.make
      const { healthPort, port } = yield* server({
        ...identity(own),
        GRPC_TLS_CA: authority,
        GRPC_HEALTH_PORT: "0"
      })
      const probed = Option.getOrThrow(healthPort)
      assertTrue(yield* HealthClient.isServing(`127.0.0.1:${probed}`))
      strictEqual(yield* HealthClient.isServing(`127.0.0.1:${port}`), false)
      const refused = yield* Effect.flip(callAs({}, probed))
      assertTrue("code" in refused && refused.code === codes.UNIMPLEMENTED)
    })
  )

  it.scopedLive("says which variable is wrong, and never what it holds", () =>
    Effect.gen(function* () {
      const { authority, client, server: own } = yield* Certificates.make
      const rubbish = `${authority}.rubbish`
      writeFileSync(rubbish, "canary")
      const wrong: ReadonlyArray<readonly [Variables, string]> = [
        [{ GRPC_TLS_CERT: own.certificate }, "GRPC_TLS_KEY"],
        [{ GRPC_TLS_KEY: own.key }, "GRPC_TLS_CERT"],
        [{ GRPC_TLS_CA: authority }, "GRPC_TLS_CERT"],
        [{ GRPC_TLS_CERT: own.certificate, GRPC_TLS_KEY: client.key }, "GRPC_TLS_KEY"],
        [{ ...identity(own), GRPC_TLS_KEY: rubbish }, "GRPC_TLS_KEY"],
        [{ ...identity(own), GRPC_TLS_CERT: "/no/such/canary" }, "GRPC_TLS_CERT"],
        [{ ...identity(own), GRPC_TLS_CA: rubbish }, "GRPC_TLS_CA"],
        [{ GRPC_REFLECTION: "canary" }, "GRPC_REFLECTION"],
        [{ GRPC_HEALTH_PORT: "canary" }, "GRPC_HEALTH_PORT"]
      ]
      for (const [variables, named] of wrong) {
        const failure = yield* Effect.flip(server(variables))
        assertTrue(ConfigError.isConfigError(failure) && failure._op === "InvalidData")
        deepStrictEqual(failure.path, [named])
        if (named.startsWith("GRPC_TLS")) assertTrue(!failure.message.includes("canary"))
      }
    })
  )
})
