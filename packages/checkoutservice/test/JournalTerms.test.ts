import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { ConfigProvider, Duration, Effect, Either } from "effect"
import { terms, termsConfig } from "../src/JournalStore.ts"

const read = (variables: ReadonlyArray<readonly [string, string]>) =>
  Effect.either(Effect.withConfigProvider(termsConfig, ConfigProvider.fromMap(new Map(variables))))

describe("the terms of journals", () => {
  it("R7, R13: are a lease of 10 to 15 seconds, and 90 days", () => {
    assertTrue(Duration.between(terms.lease, { minimum: "10 seconds", maximum: "15 seconds" }))
    assertEquals(Duration.toDays(terms.retention), 90)
  })

  it.effect("R7: are the shop's, with the lease in JOURNAL_LEASE, which is a second at least", () =>
    Effect.gen(function* () {
      deepStrictEqual(Either.getOrThrow(yield* read([])), terms)
      const short = Either.getOrThrow(yield* read([["JOURNAL_LEASE", "2 seconds"]]))
      assertEquals(Duration.toMillis(short.lease), 2000)
      assertEquals(short.retention, terms.retention)
      for (const text of ["900 millis", "soon"]) {
        assertTrue(Either.isLeft(yield* read([["JOURNAL_LEASE", text]])))
      }
    })
  )
})
