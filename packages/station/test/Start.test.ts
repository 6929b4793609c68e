import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { Effect } from "effect"
import { createServer } from "node:http"
import * as DeclinedCard from "../../../scripts/lessons/DeclinedCard.ts"
import * as Child from "../../process/test/Child.ts"

const start = (...args: ReadonlyArray<string>) => Child.start({ RATES: "snapshot" }, "scripts/start.mjs", ...args)

describe("npm start", { timeout: 60_000 }, () => {
  it.scopedLive("says where the shop is, for this machine alone, and stops cleanly on Ctrl-C", () =>
    Effect.gen(function* () {
      const shop = yield* start("--port", "0")
      const [port] = (yield* shop.line(/shop +http:\/\/localhost:(\d+)/)).groups
      yield* shop.line(/mailbox +http/)
      const response = yield* Effect.promise(() => fetch(`http://127.0.0.1:${port}/`))
      assertEquals(response.status, 200)
      assertTrue(yield* Effect.isFailure(Effect.tryPromise(() => fetch(`http://127.0.0.2:${port}/`))))
      yield* shop.signal("SIGINT")
      assertEquals(yield* shop.exitCode, 0)
    })
  )

  it.scopedLive("shows the error of a declined card in its traces: the first lesson of the README", () =>
    Effect.gen(function* () {
      const shop = yield* start("--port", "0")
      const [port] = (yield* shop.line(/shop +http:\/\/localhost:(\d+)/)).groups
      yield* DeclinedCard.taken(`http://127.0.0.1:${port}`)
    })
  )

  for (const args of [
    ["--port", "abc"],
    ["--port", "70000"],
    ["--prot", "9000"]
  ]) {
    it.scopedLive(`refuses ${args.join(" ")} in one line`, () =>
      Effect.gen(function* () {
        const shop = yield* start(...args)
        assertTrue((yield* shop.exitCode) !== 0)
        deepStrictEqual(shop.errors, [
          "station cannot run: the command line: expected nothing, or --port with a number from 0 to 65535"
        ])
      })
    )
  }

  it.scopedLive("names a port that somebody else has", () =>
    Effect.gen(function* () {
      const other = createServer()
      yield* Effect.async<void>((resume) => void other.listen(0, () => resume(Effect.void)))
      yield* Effect.addFinalizer(() => Effect.sync(() => other.close()))
      const address = other.address()
      const port = String(typeof address === "object" && address !== null ? address.port : 0)
      const shop = yield* start("--port", port)
      assertEquals(yield* shop.exitCode, 1)
      deepStrictEqual(shop.errors, [
        `station cannot run: Port ${port} is taken by another program. Set PORT to a free one.`
      ])
    })
  )
})
