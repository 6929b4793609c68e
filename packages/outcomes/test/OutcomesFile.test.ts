import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue } from "@effect/vitest/utils"
import { ConfigProvider, Context, Duration, Effect, Exit, Layer, Option, Scope, TestClock } from "effect"
import { appendFileSync, copyFileSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Outcomes } from "../src/Outcomes.ts"
import { layerConfig, layerFile } from "../src/OutcomesFile.ts"
import * as TemporaryFolder from "../../appendlog/test/TemporaryFolder.ts"
import * as Child from "../../process/test/Child.ts"
import { outcomesSuite } from "./OutcomesSuite.ts"

const openIn = (folder: string) =>
  Effect.map(Layer.build(Layer.fresh(layerFile({ folder, sync: false }))), Context.get(Outcomes))

const session = <A, E>(folder: string, use: (outcomes: typeof Outcomes.Service) => Effect.Effect<A, E>) =>
  Effect.scoped(Effect.flatMap(openIn(folder), use))

for (const sync of [false, true]) {
  outcomesSuite(
    sync ? "in a file, each answer on the disk" : "in a file",
    Layer.unwrapScoped(Effect.map(TemporaryFolder.make, (folder) => layerFile({ folder, sync }))),
    TestClock.adjust
  )
}

describe("outcomes in a file", () => {
  const minute = Duration.minutes(1)
  const lines = (folder: string) => readFileSync(join(folder, "outcomes.jsonl"), "utf8").split("\n").length - 1

  it.scoped("are there when it is opened again, for the time that is left to them", () =>
    Effect.gen(function* () {
      const folder = yield* TemporaryFolder.make
      yield* session(folder, (outcomes) =>
        Effect.gen(function* () {
          yield* outcomes.putIfAbsent("kept", "1", minute)
          yield* outcomes.replace("kept", "1", "2")
          yield* outcomes.putIfAbsent("removed", "1", minute)
          yield* outcomes.remove("removed", "1")
        })
      )
      assertEquals(lines(folder), 5)
      yield* TestClock.adjust("50 seconds")
      const outcomes = yield* openIn(folder)
      assertEquals(lines(folder), 2)
      assertEquals(yield* outcomes.find("kept"), Option.some("2"))
      assertEquals(yield* outcomes.find("removed"), Option.none())
      yield* TestClock.adjust("10 seconds")
      assertEquals(yield* outcomes.find("kept"), Option.none())
    })
  )

  it.scopedLive("lose nothing that was answered when the process is killed in the middle", () =>
    Effect.gen(function* () {
      const folder = yield* TemporaryFolder.make
      const answered = yield* Effect.scoped(
        Effect.gen(function* () {
          const writer = yield* Child.start({}, fileURLToPath(new URL("outcomeWriter.ts", import.meta.url)), folder)
          const keys = yield* Effect.replicateEffect(writer.line(/^\S+$/), 300)
          yield* writer.signal("SIGKILL")
          assertEquals(yield* writer.exitCode, "SIGKILL")
          return keys
        })
      )
      const outcomes = yield* openIn(folder)
      for (const { text } of answered) assertEquals(yield* outcomes.find(text), Option.some(`decided ${text}`))
    })
  )

  it.scoped("are read without a last line that has no end", () =>
    Effect.gen(function* () {
      const folder = yield* TemporaryFolder.make
      yield* session(folder, (outcomes) => outcomes.putIfAbsent("a", "1", minute))
      appendFileSync(join(folder, "outcomes.jsonl"), `{"_tag":"Put","key":"a","text":"2","go`)
      assertEquals(yield* session(folder, (outcomes) => outcomes.find("a")), Option.some("1"))
    })
  )

  it.scoped("R11: of version 1 can be read for ever", () =>
    Effect.gen(function* () {
      const folder = yield* TemporaryFolder.make
      const fixture = fileURLToPath(new URL("fixtures/outcomes-v1/outcomes.jsonl", import.meta.url))
      copyFileSync(fixture, join(folder, "outcomes.jsonl"))
      yield* TestClock.setTime(4102444800000)
      const outcomes = yield* openIn(folder)
      assertEquals(yield* outcomes.find("charge:a"), Option.some("decided: Łódź"))
      assertEquals(yield* outcomes.find("charge:a:lease"), Option.none())
      assertEquals(yield* outcomes.find("charge:b"), Option.none())
    })
  )

  it.scoped("are one process's: a second one is told so", () =>
    Effect.gen(function* () {
      const folder = yield* TemporaryFolder.make
      const scope = yield* Scope.make()
      yield* Scope.extend(openIn(folder), scope)
      assertEquals((yield* Effect.flip(openIn(folder)))._tag, "FolderLocked")
      yield* Scope.close(scope, Exit.void)
      yield* openIn(folder)
    })
  )

  it.scoped("stand in a folder for each service under DATA_DIR", () =>
    Effect.gen(function* () {
      const folder = yield* TemporaryFolder.make
      const variables = Layer.setConfigProvider(ConfigProvider.fromMap(new Map([["DATA_DIR", folder]])))
      for (const service of ["paymentservice", "shippingservice"]) {
        yield* Layer.build(Layer.provide(layerConfig(service), variables))
        assertTrue(readdirSync(join(folder, service)).includes("outcomes.jsonl"))
      }
    })
  )
})
