import { Context, Data, Effect, Layer } from "effect"
import { readFile } from "node:fs/promises"
import * as EcbXml from "./EcbXml.ts"
import type { RatesRefused, RateTable } from "./RateTable.ts"

/** No table was to be had: no connection, no answer in time, an answer that is no file. */
export class RatesUnreachable extends Data.TaggedError("RatesUnreachable")<{ readonly reason: string }> {}

/** Where a table of rates comes from. */
export class RateSource extends Context.Tag("@retro/currencyservice/RateSource")<
  RateSource,
  {
    /** The table as it is there now. */
    readonly fetch: Effect.Effect<RateTable, RatesUnreachable | RatesRefused>
  }
>() {}

/** Always the same table. */
export const layerFixed = (table: RateTable): Layer.Layer<RateSource> =>
  Layer.succeed(RateSource, { fetch: Effect.succeed(table) })

/** A file in the format of the European Central Bank, read again each time. */
export const layerFile = (path: string): Layer.Layer<RateSource> =>
  Layer.succeed(RateSource, {
    fetch: Effect.tryPromise({
      try: () => readFile(path, "utf8"),
      catch: () => new RatesUnreachable({ reason: "the file cannot be read" })
    }).pipe(Effect.flatMap(EcbXml.parse))
  })
