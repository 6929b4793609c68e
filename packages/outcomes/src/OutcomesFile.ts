import * as AppendLog from "@retro/appendlog/AppendLog"
import * as DataFolder from "@retro/appendlog/DataFolder"
import { Clock, type ConfigError, Effect, Layer } from "effect"
import { Outcomes } from "./Outcomes.ts"
import * as OutcomesMemory from "./OutcomesMemory.ts"

/**
 * Outcomes in the file `outcomes.jsonl` of a folder, for one process: every event is written before anybody is answered,
 * and at the start they all happen again.
 */
export const layerFile = (place: DataFolder.DataFolder): Layer.Layer<Outcomes, AppendLog.OpenError> =>
  Layer.scoped(
    Outcomes,
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const entries: OutcomesMemory.Entries = new Map()
      const compact = (events: ReadonlyArray<OutcomesMemory.Event>) => {
        for (const event of events) OutcomesMemory.apply(entries, event)
        OutcomesMemory.sweep(entries, now)
        return Array.from(entries, ([key, entry]): OutcomesMemory.Event => ({ _tag: "Put", key, ...entry }))
      }
      const log = AppendLog.open({ ...place, name: "outcomes", version: 1, record: OutcomesMemory.Event, compact })
      return Effect.map(log, (log) => OutcomesMemory.make(entries, log))
    })
  )

/** In the folder of that service under `DATA_DIR`. */
export const layerConfig = (service: string): Layer.Layer<Outcomes, AppendLog.OpenError | ConfigError.ConfigError> =>
  Layer.unwrapEffect(Effect.map(DataFolder.config(service), layerFile))
