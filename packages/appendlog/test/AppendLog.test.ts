import { describe, it } from "@effect/vitest"
import { assertEquals, assertFalse, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { Effect, Exit, Logger, LogLevel, Schema, Scope } from "effect"
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import type * as Files from "node:fs/promises"
import { join } from "node:path"
import { vi } from "vitest"
import * as AppendLog from "../src/AppendLog.ts"
import * as TemporaryFolder from "./TemporaryFolder.ts"

/** A disk that can be full, and that counts how often it is waited for. */
const disk = vi.hoisted(() => ({ isFull: false, syncs: 0 }))

vi.mock("node:fs/promises", async (importOriginal) => {
  const files = await importOriginal<typeof Files>()
  const open: typeof files.open = async (...args) => {
    const handle = await files.open(...args)
    const [write, datasync] = [handle.write.bind(handle), handle.datasync.bind(handle)]
    return Object.assign(handle, {
      write: async (bytes: Uint8Array, from: number, length: number, at: number) => {
        // A full disk takes the first byte of what it is given, as some do; any other half of it.
        const taken = await write(bytes, from, disk.isFull ? 1 : Math.ceil(length / 2), at)
        if (disk.isFull) throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" })
        return taken
      },
      datasync: () => {
        disk.syncs++
        return datasync()
      }
    })
  }
  return { ...files, open }
})

const numbers = (folder: string, part: Partial<AppendLog.Definition<number>> = {}) =>
  AppendLog.open({
    folder,
    name: "numbers",
    version: 1,
    record: Schema.Number,
    sync: false,
    compact: (records) => records,
    ...part
  })

/** What is in the log, told by opening it. */
const contents = (folder: string) =>
  Effect.suspend(() => {
    const found: Array<number> = []
    const compact = (records: ReadonlyArray<number>) => (found.push(...records), records)
    return Effect.as(Effect.scoped(numbers(folder, { compact })), found)
  })

const text = (folder: string) => readFileSync(join(folder, "numbers.jsonl"), "utf8")
const quiet = Logger.withMinimumLogLevel(LogLevel.None)

describe("a log", () => {
  it.scoped("holds what was saved, in the order in which it was added", () =>
    Effect.gen(function* () {
      const folder = join(yield* TemporaryFolder.make, "made", "when missing")
      yield* Effect.scoped(
        Effect.gen(function* () {
          const log = yield* numbers(folder)
          log.add(1, 2)
          yield* log.saved
          log.add(3)
          yield* log.saved
          assertEquals(text(folder), `{"log":"numbers","version":1}\n1\n2\n3\n`)
        })
      )
      deepStrictEqual(yield* contents(folder), [1, 2, 3])
      assertEquals(statSync(join(folder, "numbers.jsonl")).mode & 0o777, 0o600)
    })
  )

  it.scoped("begins anew with what is left of it when it is opened", () =>
    Effect.gen(function* () {
      const folder = yield* TemporaryFolder.make
      yield* Effect.scoped(
        Effect.flatMap(numbers(folder), (log) => {
          for (let n = 0; n < 50_000; n++) log.add(n)
          return log.saved
        })
      )
      yield* Effect.scoped(numbers(folder, { compact: (records) => records.filter((n) => n % 2 === 0) }))
      const evens = yield* contents(folder)
      deepStrictEqual([evens.length, evens.at(-1)], [25_000, 49_998])
      deepStrictEqual(readdirSync(folder), ["numbers.jsonl"])
    })
  )

  it.scoped("writes once for many who save at the same time, and waits for the disk where it has to", () =>
    Effect.gen(function* () {
      const folder = yield* TemporaryFolder.make
      const log = yield* numbers(folder, { sync: true })
      disk.syncs = 0
      const tenInARow = Effect.replicateEffect(
        Effect.zipRight(
          Effect.sync(() => log.add(1)),
          log.saved
        ),
        10
      )
      yield* Effect.replicateEffect(tenInARow, 20, { concurrency: "unbounded" })
      assertTrue(disk.syncs >= 10 && disk.syncs <= 30)
      const before = disk.syncs
      yield* log.saved
      assertEquals(disk.syncs, before)
      assertEquals(text(folder).split("\n").length, 202)
    })
  )

  it.scoped("says that the disk is full, and writes everything once it is not, in one piece", () =>
    Effect.gen(function* () {
      const folder = yield* TemporaryFolder.make
      const log = yield* numbers(folder)
      disk.isFull = true
      log.add(1)
      const { code, path } = yield* Effect.flip(log.saved)
      deepStrictEqual([code, path], ["ENOSPC", join(folder, "numbers.jsonl")])
      log.add(2)
      assertTrue(Exit.isFailure(yield* Effect.exit(log.saved)))
      disk.isFull = false
      log.add(3)
      yield* log.saved
      assertEquals(text(folder), `{"log":"numbers","version":1}\n1\n2\n3\n`)
    })
  )

  it.scoped("ignores a last line without its end, wherever it was torn", () =>
    Effect.gen(function* () {
      const folder = yield* TemporaryFolder.make
      const whole = `{"log":"numbers","version":1}\n10\n20\n30\n`
      for (let length = whole.indexOf("\n") + 1; length <= whole.length; length++) {
        writeFileSync(join(folder, "numbers.jsonl"), whole.slice(0, length))
        const lines = whole.slice(0, length).split("\n").slice(1, -1).map(Number)
        deepStrictEqual(yield* contents(folder), lines)
      }
      writeFileSync(join(folder, "numbers.jsonl"), `${whole}${"\0".repeat(64)}`)
      deepStrictEqual(yield* contents(folder), [10, 20, 30])
    }).pipe(quiet)
  )

  it.scoped("refuses any other line that it cannot read, without showing or changing it", () =>
    Effect.gen(function* () {
      const folder = yield* TemporaryFolder.make
      const refused: ReadonlyArray<readonly [string, number]> = [
        [`{"log":"numbers","version":1}\n1\ncanary\n2\n`, 3],
        [`{"log":"numbers","version":1}\n"canary"\n`, 2],
        [`{"log":"numbers","version":2}\n1\n`, 1],
        [`{"log":"others","version":1}\n1\n`, 1],
        [`1\n2\n`, 1],
        [`canary`, 1]
      ]
      for (const [content, line] of refused) {
        writeFileSync(join(folder, "numbers.jsonl"), content)
        const error = yield* Effect.flip(contents(folder))
        assertEquals(error, new AppendLog.LogUnreadable({ path: join(folder, "numbers.jsonl"), line }))
        assertFalse(error.message.includes("canary"))
        assertEquals(text(folder), content)
      }
    })
  )

  it.scoped("says which folder it cannot use", () =>
    Effect.gen(function* () {
      const folder = yield* TemporaryFolder.make
      writeFileSync(join(folder, "file"), "")
      const error = yield* Effect.flip(contents(join(folder, "file", "below")))
      assertEquals(error.message, `${join(folder, "file", "below")} cannot be used: ENOTDIR`)
    })
  )

  it.scoped("is not written to any more once it is closed", () =>
    Effect.gen(function* () {
      const folder = yield* TemporaryFolder.make
      const scope = yield* Scope.make()
      const log = yield* Scope.extend(numbers(folder), scope)
      yield* Scope.close(scope, Exit.void)
      log.add(1)
      assertTrue(Exit.isFailure(yield* Effect.exit(log.saved)))
      deepStrictEqual(yield* contents(folder), [])
    })
  )
})
