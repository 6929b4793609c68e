import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { ConfigProvider, Effect, Redacted } from "effect"
import * as RedisAddress from "../src/RedisAddress.ts"

const parse = (text: string) =>
  Effect.withConfigProvider(RedisAddress.config, ConfigProvider.fromMap(new Map([["REDIS_ADDR", text]])))

const access = { tls: false, username: undefined, password: undefined }

const secretOf = (address: RedisAddress.RedisAddress) =>
  address.password === undefined ? undefined : Redacted.value(address.password)

describe("REDIS_ADDR", () => {
  it.effect("is a host and a port, or a URL of one server", () =>
    Effect.gen(function* () {
      const single = (host: string, port: number, database = 0, tls = false): RedisAddress.RedisAddress => ({
        _tag: "Single",
        ...access,
        tls,
        server: { host, port },
        database
      })
      deepStrictEqual(yield* parse("redis-cart:6379"), single("redis-cart", 6379))
      deepStrictEqual(yield* parse("localhost"), single("localhost", 6379))
      deepStrictEqual(yield* parse("[::1]:7000"), single("::1", 7000))
      deepStrictEqual(yield* parse("redis://h:1/3"), single("h", 1, 3))
      deepStrictEqual(yield* parse("rediss://h"), single("h", 6379, 0, true))
    })
  )

  it.effect("may carry a user and a password, percent-encoded", () =>
    Effect.gen(function* () {
      const address = yield* parse("rediss://shop%3A:p%40s%2Fs@h:1")
      assertEquals(address.username, "shop:")
      assertEquals(secretOf(address), "p@s/s")
      const nameless = yield* parse("redis://:secret@h")
      assertEquals(nameless.username, undefined)
      assertEquals(secretOf(nameless), "secret")
      assertTrue(!JSON.stringify(address).includes("p@s"))
    })
  )

  it.effect("names Sentinels and their master, or nodes of a cluster", () =>
    Effect.gen(function* () {
      const hosts = [
        { host: "a", port: 26379 },
        { host: "b", port: 2 }
      ]
      deepStrictEqual(yield* parse("redis+sentinel://a,b:2/shop/4"), {
        _tag: "Sentinel",
        ...access,
        sentinels: hosts,
        master: "shop",
        database: 4
      })
      deepStrictEqual(yield* parse("rediss+cluster://a:26379,b:2"), {
        _tag: "Cluster",
        ...access,
        tls: true,
        nodes: hosts
      })
    })
  )

  it.effect("is refused by name and without its value when it is none of these", () =>
    Effect.gen(function* () {
      const wrong = [
        "http://secret:1",
        "redis://u:secret@",
        "h:0",
        "h:65536",
        "h:secret",
        "redis://secret:1/x",
        "redis://secret,b",
        "redis+sentinel://secret:1",
        "redis+cluster://secret:1/0",
        "redis://u:secret@h:1/0/1",
        "redis://u:sec@ret@h",
        "secret host"
      ]
      for (const text of wrong) {
        const message = JSON.stringify(yield* Effect.flip(parse(text)))
        assertTrue(message.includes("REDIS_ADDR") && !message.includes("secret"))
      }
    })
  )
})
