import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { Effect, Either } from "effect"
import { readdirSync } from "node:fs"
import { fileURLToPath } from "node:url"
import * as FolderLock from "../src/FolderLock.ts"
import * as Child from "../../process/test/Child.ts"
import * as TemporaryFolder from "./TemporaryFolder.ts"

const holder = fileURLToPath(new URL("lockHolder.ts", import.meta.url))

/** Another process that wants the lock. */
const rival = (folder: string) =>
  Effect.gen(function* () {
    const child = yield* Child.start({}, holder, folder)
    return { ...child, outcome: Effect.map(child.line(/^\w+$/), ({ text }) => text) }
  })

describe("the lock of a folder", () => {
  it.scopedLive("is one process's, also while that one is suspended, and free when it was killed", () =>
    Effect.gen(function* () {
      const folder = yield* TemporaryFolder.make
      const mine = Effect.scoped(FolderLock.acquire(folder, "it"))
      const other = yield* rival(folder)
      assertEquals(yield* other.outcome, "held")
      const refused = yield* Effect.flip(mine)
      assertEquals(refused.message, `it in ${folder} is in use by another process`)
      yield* other.signal("SIGSTOP")
      assertEquals((yield* Effect.flip(mine))._tag, "FolderLocked")
      yield* other.signal("SIGKILL")
      yield* other.exitCode
      yield* mine
      deepStrictEqual(readdirSync(folder), [])
    })
  )

  it.scoped("is another one for another name", () =>
    Effect.gen(function* () {
      const folder = yield* TemporaryFolder.make
      yield* FolderLock.acquire(folder, "it")
      yield* FolderLock.acquire(folder, "it too")
    })
  )

  it.scoped("is never given twice, though many ask at the same moment", () =>
    Effect.gen(function* () {
      const folder = yield* TemporaryFolder.make
      for (let round = 0; round < 20; round++) {
        const outcomes = yield* Effect.scoped(
          Effect.replicateEffect(Effect.either(FolderLock.acquire(folder, "it")), 4, { concurrency: "unbounded" })
        )
        assertTrue(outcomes.filter(Either.isRight).length <= 1)
        yield* Effect.scoped(FolderLock.acquire(folder, "it"))
      }
    })
  )

  it.scoped("cannot be had where sockets cannot be, which is said", () =>
    Effect.gen(function* () {
      const folder = yield* TemporaryFolder.make
      const error = yield* Effect.flip(FolderLock.acquire(`${folder}/missing`, "it"))
      assertTrue(error.message.startsWith(`${folder}/missing cannot be used: E`))
    })
  )
})
