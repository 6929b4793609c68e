import { type ConfigError, Effect, Layer } from "effect"
import { isSet } from "./Variable.ts"

/** Where a service may keep what should outlive it. */
export interface Places<A, E1, R1, E2, R2, E3, R3> {
  /** Shared by all replicas. */
  readonly redis: Layer.Layer<A, E1, R1>
  /** For a service of one process. */
  readonly file: Layer.Layer<A, E2, R2>
  readonly memory: Layer.Layer<A, E3, R3>
  /** What memory means, for the log. */
  readonly meaning: string
}

/** Redis where `REDIS_ADDR` is set, otherwise files where `DATA_DIR` is, otherwise memory, which the log says. */
export const choose = <A, E1, R1, E2, R2, E3, R3>({
  file,
  meaning,
  memory,
  redis
}: Places<A, E1, R1, E2, R2, E3, R3>): Layer.Layer<A, E1 | E2 | E3 | ConfigError.ConfigError, R1 | R2 | R3> =>
  Layer.unwrapEffect(
    Effect.gen(function* () {
      const place: Layer.Layer<A, E1 | E2 | E3, R1 | R2 | R3> = (yield* isSet("REDIS_ADDR"))
        ? redis
        : (yield* isSet("DATA_DIR"))
          ? file
          : memory
      if (place === memory) yield* Effect.logWarning(`neither REDIS_ADDR nor DATA_DIR is set: ${meaning}`)
      return place
    })
  )
