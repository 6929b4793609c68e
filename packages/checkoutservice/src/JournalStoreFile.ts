import * as AppendLog from "@retro/appendlog/AppendLog"
import * as DataFolder from "@retro/appendlog/DataFolder"
import { Clock, type ConfigError, Duration, Effect, Layer } from "effect"
import * as JournalState from "./JournalState.ts"
import { JournalStore, terms } from "./JournalStore.ts"
import * as JournalStoreMemory from "./JournalStoreMemory.ts"

/**
 * Journals in the file `journal.jsonl` of a folder, for one process: every event is written before anybody is answered,
 * and at the start they all happen again. Whoever owned a journal then is gone, so all of them can be claimed at once.
 */
export const layerFile = (place: DataFolder.DataFolder): Layer.Layer<JournalStore, AppendLog.OpenError> =>
  Layer.scoped(
    JournalStore,
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const journals: JournalState.Journals = new Map()
      const compact = (events: ReadonlyArray<JournalState.Event>) => {
        for (const event of events) JournalState.apply(journals, event)
        JournalState.forget(journals, now - Duration.toMillis(terms.retention))
        JournalState.disown(journals)
        return JournalState.history(journals)
      }
      const log = AppendLog.open({ ...place, name: "journal", version: 1, record: JournalState.Event, compact })
      return Effect.map(log, (log) => JournalStoreMemory.make(journals, log))
    })
  )

/** In the folder `checkoutservice` under `DATA_DIR`. */
export const layerConfig: Layer.Layer<JournalStore, AppendLog.OpenError | ConfigError.ConfigError> = Layer.unwrapEffect(
  Effect.map(DataFolder.config("checkoutservice"), layerFile)
)
