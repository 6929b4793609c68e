import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { JournalStore } from "@retro/checkoutservice/JournalStore"
import * as JournalStoreFile from "@retro/checkoutservice/JournalStoreFile"
import { Effect } from "effect"
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import * as TemporaryFolder from "../../packages/appendlog/test/TemporaryFolder.ts"

const run = (folder: string, ...args: ReadonlyArray<string>) =>
  Effect.sync(() => {
    const { REDIS_ADDR: _, ...env } = process.env
    const { status, stderr, stdout } = spawnSync(process.execPath, ["--import", "tsx", "scripts/journal.ts", ...args], {
      env: { ...env, DATA_DIR: folder },
      encoding: "utf8"
    })
    return { status, stdout, stderr }
  })

const parked = (folder: string) =>
  Effect.flatMap(JournalStore, (store) =>
    Effect.gen(function* () {
      const beginning = {
        id: "an-order",
        program: "PlaceOrder@1",
        group: "canary",
        fingerprint: "canary",
        input: "canary"
      }
      const claim = yield* store.claim(beginning)
      if (claim._tag !== "Mine") return
      yield* store.write("an-order", claim.owner, [["charge", "canary"]])
      yield* store.write("an-order", claim.owner, [["price", "canary"]])
      yield* store.park("an-order", claim.owner)
    })
  ).pipe(Effect.provide(JournalStoreFile.layerFile({ folder: join(folder, "checkoutservice"), sync: false })))

describe("npm run journal", { timeout: 60_000 }, () => {
  it.scopedLive("lists what is parked without a word of its shopper, and puts it back", () =>
    Effect.gen(function* () {
      const folder = yield* TemporaryFolder.make
      yield* parked(folder)
      const { status, stdout } = yield* run(folder, "list")
      assertEquals(status, 0)
      assertTrue(
        /^an-order {2}PlaceOrder@1 {2}parked {2}begun \d{4}-\S+Z {2}1 attempts {2}after charge \(done\)\n1 parked\n$/.test(
          stdout
        )
      )
      assertEquals((yield* run(folder, "retry", "another")).status, 1)
      assertEquals((yield* run(folder, "retry", "an-order")).status, 0)
      deepStrictEqual(yield* run(folder, "list"), { status: 0, stdout: "nothing is parked\n", stderr: "" })
      assertTrue((yield* run(folder, "latest")).stdout.startsWith("an-order  PlaceOrder@1  in-flight  begun "))
      assertEquals((yield* run(folder, "unpark")).status, 2)
    })
  )
})
