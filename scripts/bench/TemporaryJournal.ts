import * as JournalStoreFile from "@retro/checkoutservice/JournalStoreFile"
import { Effect, Layer } from "effect"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** Journals in a file of this process alone, which goes with it. */
export const layer = ({ sync }: { readonly sync: boolean }) =>
  Layer.unwrapEffect(
    Effect.sync(() => {
      const folder = mkdtempSync(join(tmpdir(), "retro-bench-journal-"))
      process.once("exit", () => rmSync(folder, { recursive: true, force: true }))
      return JournalStoreFile.layerFile({ folder, sync })
    })
  )
