import { describe, it } from "@effect/vitest"
import { deepStrictEqual, strictEqual } from "@effect/vitest/utils"
import { ConfigProvider, Effect, Layer } from "effect"
import { Proxies } from "../src/Proxies.ts"

const networkOf = (peer: string, config: Readonly<Record<string, string>> = {}, forwarded?: string) =>
  Effect.map(Proxies, ({ networkOf }) =>
    networkOf({
      method: "GET",
      path: "/",
      query: "",
      peer,
      headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded },
      body: Effect.never
    })
  ).pipe(
    Effect.provide(
      Proxies.layerConfig.pipe(
        Layer.provide(Layer.setConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(config)))))
      )
    )
  )

describe("the network of a client", () => {
  it.effect("is whoever connected, whatever they say, where no proxy is in front", () =>
    Effect.gen(function* () {
      strictEqual(yield* networkOf("203.0.113.7", {}, "198.51.100.1"), "203.0.113.7")
      strictEqual(yield* networkOf("::ffff:203.0.113.7"), "203.0.113.7")
    })
  )

  it.effect("is what the outermost of our proxies saw, whatever stands before that", () =>
    Effect.gen(function* () {
      const said = "1.1.1.1, 198.51.100.1, 10.0.0.2"
      strictEqual(yield* networkOf("10.0.0.3", { TRUST_PROXY: "true" }, said), "10.0.0.2")
      strictEqual(yield* networkOf("10.0.0.3", { TRUST_PROXY: "2" }, said), "198.51.100.1")
      strictEqual(yield* networkOf("10.0.0.3", { TRUST_PROXY: "1" }, "nonsense"), "10.0.0.3")
      strictEqual(yield* networkOf("10.0.0.3", { TRUST_PROXY: "1" }), "10.0.0.3")
    })
  )

  it.effect("is the first half of an IPv6 address, however it is written", () =>
    Effect.gen(function* () {
      const written = [
        "2001:db8:0:1::1",
        "2001:DB8::1:ffff:0:0:2",
        "2001:0db8:0000:0001:1:2:3:4%eth0",
        "2001:db8:0:2::1"
      ]
      deepStrictEqual(yield* Effect.forEach(written, (peer) => networkOf(peer)), [
        "2001:db8:0:1",
        "2001:db8:0:1",
        "2001:db8:0:1",
        "2001:db8:0:2"
      ])
    })
  )

  it.effect("is nobody's where it is this machine", () =>
    Effect.gen(function* () {
      deepStrictEqual(yield* Effect.forEach(["127.0.0.1", "::1", "::ffff:127.0.0.6", ""], (peer) => networkOf(peer)), [
        undefined,
        undefined,
        undefined,
        undefined
      ])
    })
  )

  it.effect("needs a number of proxies that can be read", () =>
    Effect.gen(function* () {
      strictEqual((yield* Effect.flip(networkOf("::1", { TRUST_PROXY: "yes" })))._tag, "ConfigError")
    })
  )
})
