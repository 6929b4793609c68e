import { describe, it } from "@effect/vitest"
import { assertEquals, deepStrictEqual } from "@effect/vitest/utils"
import { Cause, Config, ConfigProvider, Data, Effect, Schema } from "effect"
import * as StartFailure from "../src/StartFailure.ts"

const failureOf = <A, E>(effect: Effect.Effect<A, E>, variables: Record<string, string> = {}) =>
  Effect.sandbox(effect).pipe(
    Effect.flip,
    Effect.map(StartFailure.make),
    Effect.withConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(variables))))
  )

class StoreGone extends Data.TaggedError("StoreGone")<{ readonly message: string }> {}
class Silent extends Data.TaggedError("Silent")<{}> {}

describe("why a process cannot start", () => {
  it.effect("a variable that is not set, by its name", () =>
    Effect.map(failureOf(Config.string("SESSION_KEY")), (failure) =>
      deepStrictEqual(failure, { text: "SESSION_KEY: expected a value, it is not set", exitCode: 78 })
    )
  )

  it.effect("two variables that are wrong, both by their names", () =>
    Effect.map(
      failureOf(Config.all([Config.integer("PORT"), Config.boolean("TLS")]), { PORT: "x", TLS: "y" }),
      ({ text }) => assertEquals(text, "PORT: expected an integer value; TLS: expected a boolean value")
    )
  )

  it.effect("never the value that was refused, since it may be a secret", () =>
    Effect.gen(function* () {
      const secret = "//user:hunter2@\nhost"
      const all = [
        failureOf(Config.url("SECRET"), { SECRET: secret }),
        failureOf(Config.literal("a", "b")("SECRET"), { SECRET: secret }),
        failureOf(Schema.Config("SECRET", Schema.Literal("a", "b")), { SECRET: secret }),
        failureOf(Schema.Config("SECRET", Schema.String.pipe(Schema.pattern(/^\d+$/))), { SECRET: secret }),
        failureOf(Schema.decodeUnknown(Schema.Struct({ SECRET: Schema.Number }))({ SECRET: secret })),
        failureOf(Effect.orDie(Schema.decodeUnknown(Schema.Struct({ SECRET: Schema.Number }))({ SECRET: secret })))
      ]
      for (const { text } of yield* Effect.all(all)) {
        assertEquals(text.includes("hunter2"), false)
        assertEquals(text.includes("SECRET"), true)
        assertEquals(text.includes("\n"), false)
      }
    })
  )

  it.effect("an error by its message in one line, or by its tag where it has none", () =>
    Effect.gen(function* () {
      const told = yield* failureOf(Effect.fail(new StoreGone({ message: "the store\n  is gone" })))
      deepStrictEqual(told, { text: "the store is gone", exitCode: 1 })
      deepStrictEqual(yield* failureOf(Effect.fail(new Silent())), { text: "Silent", exitCode: 1 })
    })
  )

  it("several that happened together, each once", () => {
    const gone = Cause.fail(new StoreGone({ message: "gone" }))
    assertEquals(
      StartFailure.make(Cause.parallel(gone, Cause.parallel(gone, Cause.fail(new Silent())))).text,
      "gone; Silent"
    )
  })
})
