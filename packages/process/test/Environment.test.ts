import { describe, it } from "@effect/vitest"
import { assertEquals } from "@effect/vitest/utils"
import { Config, Effect } from "effect"
import * as Environment from "../src/Environment.ts"

const read = (name: string, environment: Record<string, string | undefined>) =>
  Effect.withConfigProvider(Config.string(name), Environment.provider("cartservice", environment))

describe("a tier's environment", () => {
  it.effect("knows the tier's port and the addresses of the others", () =>
    Effect.gen(function* () {
      assertEquals(yield* read("PORT", {}), "7070")
      assertEquals(yield* read("CURRENCY_SERVICE_ADDR", {}), "localhost:7000")
    })
  )

  it.effect("says what the process's does, unless that is empty", () =>
    Effect.gen(function* () {
      assertEquals(yield* read("PORT", { PORT: "1" }), "1")
      assertEquals(yield* read("PORT", { PORT: "" }), "7070")
    })
  )

  it.effect("never covers up a wrong value with its own", () =>
    Effect.gen(function* () {
      const provider = Environment.provider("cartservice", { PORT: "x" })
      yield* Effect.flip(Effect.withConfigProvider(Config.integer("PORT"), provider))
    })
  )
})
