import { Config } from "effect"
import { join } from "node:path"

/** Where a service keeps its files, and how sure it is of them. */
export interface DataFolder {
  readonly folder: string
  /** Whether each answer waits for the disk. */
  readonly sync: boolean
}

/**
 * The folder of that name under `DATA_DIR`; it is made where it is missing. `DATA_FSYNC=false` does not wait for the
 * disk: faster, and a power cut may take the last seconds.
 */
export const config = (name: string): Config.Config<DataFolder> =>
  Config.all({
    folder: Config.map(Config.nonEmptyString("DATA_DIR"), (parent) => join(parent, name)),
    sync: Config.withDefault(Config.boolean("DATA_FSYNC"), true)
  })
