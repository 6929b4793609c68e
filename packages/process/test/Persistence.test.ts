import { describe, it } from "@effect/vitest"
import { assertEquals, assertFalse, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import * as HealthClient from "@retro/grpc/HealthClient"
import { ConfigProvider, Context, Effect, Layer, Logger } from "effect"
import { join } from "node:path"
import * as Persistence from "../src/Persistence.ts"
import * as TemporaryFolder from "../../appendlog/test/TemporaryFolder.ts"
import * as Child from "./Child.ts"

class Place extends Context.Tag("Place")<Place, string>() {}

const chosen = (variables: ReadonlyArray<readonly [string, string]>) => {
  const lines: Array<string> = []
  const log = Logger.replace(
    Logger.defaultLogger,
    Logger.make(({ message }) => void lines.push(String(message)))
  )
  const place = Persistence.choose({
    redis: Layer.succeed(Place, "redis"),
    file: Layer.succeed(Place, "file"),
    memory: Layer.succeed(Place, "memory"),
    meaning: "forgotten"
  })
  return Effect.map(Place, (place) => ({ place, lines })).pipe(
    Effect.provide(place),
    Effect.withConfigProvider(ConfigProvider.fromMap(new Map(variables))),
    Effect.provide(log)
  )
}

describe("what outlives a process", { timeout: 60_000 }, () => {
  it.effect("is in Redis, else in files, else in memory, which is said", () =>
    Effect.gen(function* () {
      const quietly = (place: string) => ({ place, lines: [] })
      const both = [
        ["REDIS_ADDR", "localhost"],
        ["DATA_DIR", "data"]
      ] as const
      deepStrictEqual(yield* chosen(both), quietly("redis"))
      deepStrictEqual(
        yield* chosen([
          ["REDIS_ADDR", ""],
          ["DATA_DIR", "data"]
        ]),
        quietly("file")
      )
      const lines = ["neither REDIS_ADDR nor DATA_DIR is set: forgotten"]
      deepStrictEqual(yield* chosen([]), { place: "memory", lines })
    })
  )

  const key = Buffer.alloc(32, 1).toString("base64")
  const start = (service: string, variables: Record<string, string>) =>
    Child.start({ PORT: "0", PII_KEY: "", ...variables }, `packages/${service}/main.ts`)

  it.scopedLive("is one process's where it is in files, in a folder for each service", () =>
    Effect.gen(function* () {
      const folder = yield* TemporaryFolder.make
      const variables = { DATA_DIR: folder, PII_KEY: key }
      const [first, neighbour] = [yield* start("checkoutservice", variables), yield* start("emailservice", variables)]
      yield* first.line(/serving/)
      yield* neighbour.line(/serving/)
      const second = yield* start("checkoutservice", variables)
      assertEquals(yield* second.exitCode, 1)
      const inUse = `journal in ${join(folder, "checkoutservice")} is in use by another process`
      deepStrictEqual(second.errors, [`checkoutservice cannot run: ${inUse}`])
    })
  )

  it.scopedLive("R3: needs the key that the next process needs too", () =>
    Effect.gen(function* () {
      const folder = yield* TemporaryFolder.make
      const keyless = [
        ["checkoutservice", { DATA_DIR: folder }],
        ["paymentservice", { REDIS_ADDR: "127.0.0.1:1" }]
      ] as const
      for (const [service, variables] of keyless) {
        const process = yield* start(service, variables)
        assertEquals(yield* process.exitCode, 78)
        assertTrue(process.errors.join().startsWith(`${service} cannot run: PII_KEY: `))
      }
    })
  )

  it.scopedLive("needs a key of 32 bytes, wherever there is one", () =>
    Effect.gen(function* () {
      for (const service of ["checkoutservice", "paymentservice"]) {
        const process = yield* start(service, { PII_KEY: "correct horse battery staple" })
        assertEquals(yield* process.exitCode, 78)
        deepStrictEqual(process.errors, [`${service} cannot run: PII_KEY: expected 32 bytes in base64`])
      }
    })
  )

  for (const service of ["cartservice", "checkoutservice", "emailservice", "paymentservice", "shippingservice"]) {
    it.scopedLive(`D28: makes ${service} NOT_SERVING while it cannot be reached`, () =>
      Effect.gen(function* () {
        const addressOf = Effect.fnUntraced(function* (variables: Record<string, string>) {
          const process = yield* start(service, { PII_KEY: key, ...variables })
          return `127.0.0.1:${(yield* process.line(/serving port=(\d+)/)).groups[0]}`
        })
        const inMemory = HealthClient.isServing(yield* addressOf({}))
        assertTrue(yield* Effect.repeat(inMemory, { until: (serving) => serving }))
        const unreachable = HealthClient.isServing(yield* addressOf({ REDIS_ADDR: "127.0.0.1:1" }))
        assertFalse(yield* Effect.repeat(unreachable, { times: 20, while: (serving) => !serving }))
      })
    )
  }
})
