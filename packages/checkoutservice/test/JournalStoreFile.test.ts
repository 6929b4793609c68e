import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { ConfigProvider, Context, Effect, Exit, Layer, Option, Scope, TestClock } from "effect"
import { appendFileSync, copyFileSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { answerStep, Claim, JournalStore, terms } from "../src/JournalStore.ts"
import { layerConfig, layerFile } from "../src/JournalStoreFile.ts"
import * as TemporaryFolder from "../../appendlog/test/TemporaryFolder.ts"
import * as Child from "../../process/test/Child.ts"
import { beginning, journalStoreSuite, taken } from "./JournalStoreSuite.ts"

const openIn = (folder: string) =>
  Effect.map(Layer.build(Layer.fresh(layerFile({ folder, sync: false }))), Context.get(JournalStore))

/** What a process does with the journals in that folder, from its start to its end. */
const session = <A, E>(folder: string, use: (store: typeof JournalStore.Service) => Effect.Effect<A, E>) =>
  Effect.scoped(Effect.flatMap(openIn(folder), use))

const fixture = fileURLToPath(new URL("fixtures/journal-v1/journal.jsonl", import.meta.url))

for (const sync of [false, true]) {
  journalStoreSuite(
    sync ? "in a file, each answer on the disk" : "in a file",
    Layer.unwrapScoped(Effect.map(TemporaryFolder.make, (folder) => layerFile({ folder, sync }))),
    terms,
    TestClock.adjust
  )
}

describe("journals in a file", () => {
  it.scoped("are there when it is opened again, and can be claimed at once: whoever owned them is gone", () =>
    Effect.gen(function* () {
      const folder = yield* TemporaryFolder.make
      const [answered, stopped, waiting] = [beginning({ group: "mine" }), beginning({ group: "mine" }), beginning()]
      const former = yield* session(folder, (store) =>
        Effect.gen(function* () {
          const { owner } = yield* taken(store.claim(answered))
          yield* store.write(answered.id, owner, [[answerStep, "42"]])
          yield* store.finish(answered.id, owner, [])
          const mine = yield* taken(store.claim(stopped))
          yield* store.write(stopped.id, mine.owner, [["one", "1"]])
          yield* store.release(waiting.id, (yield* taken(store.claim(waiting))).owner, 60_000)
          return mine.owner
        })
      )
      for (const attempts of [2, 3]) {
        yield* session(folder, (store) =>
          Effect.gen(function* () {
            assertEquals(yield* store.claim(answered), Claim.Done({ answer: "42" }))
            deepStrictEqual(yield* store.expired, [{ id: stopped.id, program: stopped.program }])
            assertEquals(yield* store.write(stopped.id, former, [["two", "late"]]), false)
            const mine = yield* taken(store.resume(stopped.id))
            deepStrictEqual([[...mine.steps], mine.attempts], [[["one", "1"]], attempts])
            assertEquals(yield* store.claim(waiting), Claim.Busy())
            deepStrictEqual(
              (yield* store.list("mine", 50)).map(({ id }) => id),
              [stopped.id, answered.id]
            )
          })
        )
      }
    })
  )

  it.scopedLive("lose nothing that was answered when the process is killed in the middle", () =>
    Effect.gen(function* () {
      const folder = yield* TemporaryFolder.make
      const answered = yield* Effect.scoped(
        Effect.gen(function* () {
          const writer = yield* Child.start({}, fileURLToPath(new URL("journalWriter.ts", import.meta.url)), folder)
          const next = Effect.map(writer.line(/^(\S+) (\S+)$/), ({ groups }) => groups)
          const answered = yield* Effect.replicateEffect(next, 500)
          yield* writer.signal("SIGKILL")
          assertEquals(yield* writer.exitCode, "SIGKILL")
          return answered
        })
      )
      const store = yield* openIn(folder)
      for (const [id = "", step = ""] of answered) {
        const { steps } = Option.getOrThrow(yield* store.read(id))
        assertEquals(steps.get(step), `${id} wrote ${step}`)
      }
    })
  )

  it.scoped("are read without a last line that has no end", () =>
    Effect.gen(function* () {
      const folder = yield* TemporaryFolder.make
      const begun = beginning()
      yield* session(folder, (store) => store.claim(begun))
      appendFileSync(join(folder, "journal.jsonl"), `{"_tag":"Written","id":"${begun.id}","step":"one","te`)
      yield* session(folder, (store) =>
        Effect.gen(function* () {
          const { owner, steps } = yield* taken(store.claim(begun))
          assertEquals(steps.size, 0)
          assertTrue(yield* store.write(begun.id, owner, [["one", "1"]]))
        })
      )
      const entry = yield* session(folder, (store) => store.read(begun.id))
      assertEquals(Option.getOrThrow(entry).steps.get("one"), "1")
    })
  )

  it.scoped("R11: of version 1 can be read for ever", () =>
    Effect.gen(function* () {
      const folder = yield* TemporaryFolder.make
      copyFileSync(fixture, join(folder, "journal.jsonl"))
      yield* TestClock.setTime(4102444801000)
      const store = yield* openIn(folder)
      const answered = { id: "answered", program: "Sum@1", group: "someone", fingerprint: "f1", input: "i1" }
      assertEquals(yield* store.claim(answered), Claim.Done({ answer: "42" }))
      deepStrictEqual(
        (yield* store.list("someone", 50)).map(({ id }) => id),
        ["stopped", "answered"]
      )
      const stopped = yield* taken(store.resume("stopped"))
      deepStrictEqual([stopped.input, [...stopped.steps], stopped.attempts], ["i2", [["one", "Łódź"]], 5])
      deepStrictEqual(
        (yield* store.list("another", 50)).map(({ id, parked }) => [id, parked]),
        [
          ["waiting", false],
          ["parked", true]
        ]
      )
      assertEquals((yield* store.expired).length, 0)
      yield* TestClock.setTime(4102444860000)
      deepStrictEqual(
        (yield* store.expired).map(({ id }) => id),
        ["stopped", "waiting"]
      )
    })
  )

  it.scoped("are kept small: what is forgotten or settled leaves the file at the next start", () =>
    Effect.gen(function* () {
      const folder = yield* TemporaryFolder.make
      const lines = () => readFileSync(join(folder, "journal.jsonl"), "utf8").split("\n").length - 1
      const begun = beginning()
      yield* session(folder, (store) =>
        Effect.gen(function* () {
          const { owner } = yield* taken(store.claim(begun))
          for (let n = 0; n < 10; n++) yield* store.renew(begun.id, owner)
          yield* store.finish(begun.id, owner, [])
        })
      )
      assertEquals(lines(), 14)
      yield* Effect.scoped(openIn(folder))
      assertEquals(lines(), 3)
      yield* TestClock.adjust(terms.retention)
      yield* Effect.scoped(openIn(folder))
      assertEquals(lines(), 1)
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

  it.scoped("stand in a folder of their own under DATA_DIR", () =>
    Effect.gen(function* () {
      const folder = yield* TemporaryFolder.make
      const variables = new Map([["DATA_DIR", folder]])
      yield* Layer.build(Layer.provide(layerConfig, Layer.setConfigProvider(ConfigProvider.fromMap(variables))))
      assertTrue(readdirSync(join(folder, "checkoutservice")).includes("journal.jsonl"))
    })
  )
})
