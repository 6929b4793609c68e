import * as Observed from "@retro/telemetry/Observed"
import * as Spans from "@retro/telemetry/Spans"
import { Clock, Config, Context, DateTime, Duration, Effect, Layer, Metric, MutableRef, Random } from "effect"
import * as Publication from "./Publication.ts"
import { RateSource, type RatesUnreachable } from "./RateSource.ts"
import * as RateSourceEcb from "./RateSourceEcb.ts"
import * as RateTable from "./RateTable.ts"
import * as Snapshot from "./Snapshot.ts"

/** The rates that the shop converts by. */
export class Rates extends Context.Tag("@retro/currencyservice/Rates")<
  Rates,
  {
    /** The last good table, as of now. */
    readonly current: () => RateTable.RateTable
    /** Whether the table is so old that tables must have been missed: more than {@link staleAfterDays}. */
    readonly stale: Effect.Effect<boolean>
    /** Asks the source now; a table that it refuses changes nothing. */
    readonly refresh: Effect.Effect<void, RatesUnreachable | RateTable.RatesRefused>
  }
>() {}

/** Between two tables lie five days at most: those of Easter. */
export const staleAfterDays = 5

/** The snapshot at once, the source's table as soon as it is there, and from then on each new one as it is published. */
export const layer: Layer.Layer<Rates, never, RateSource> = Layer.scoped(
  Rates,
  Effect.gen(function* () {
    const rates = make(yield* RateSource)
    yield* Observed.register(ageOf(rates))
    yield* Effect.forkScoped(Effect.forever(refreshAndWait(rates)))
    return rates
  })
)

/** One table that never changes. */
export const layerFixed = (table: RateTable.RateTable): Layer.Layer<Rates> =>
  Layer.succeed(Rates, {
    current: () => table,
    stale: Effect.map(DateTime.now, (now) => isStale(table, now)),
    refresh: Effect.void
  })

/** `RATES`: ecb (the default) for the European Central Bank's daily table, snapshot for the bundled one and no network. */
export const layerConfig = Layer.unwrapEffect(
  Effect.map(Config.withDefault(Config.literal("ecb", "snapshot")("RATES"), "ecb"), (source) =>
    source === "ecb" ? Layer.provide(layer, RateSourceEcb.layerEcb) : layerFixed(Snapshot.table)
  )
)

const make = (source: typeof RateSource.Service): typeof Rates.Service => {
  const table = MutableRef.make(Snapshot.table)
  const current = () => MutableRef.get(table)
  return {
    current,
    stale: Effect.map(DateTime.now, (now) => isStale(current(), now)),
    refresh: Effect.gen(function* () {
      const next = yield* source.fetch
      const today = Publication.today(yield* DateTime.now)
      MutableRef.set(table, yield* RateTable.succeed(current(), next, today))
    })
  }
}

const isStale = (table: RateTable.RateTable, now: DateTime.DateTime): boolean =>
  RateTable.daysBetween(table.date, Publication.today(now)) > staleAfterDays

const refreshAndWait = Effect.fnUntraced(function* (rates: typeof Rates.Service) {
  yield* rates.refresh.pipe(
    Spans.around(() => ({ name: "Rates.refresh", kind: "internal" })),
    Effect.catchAll((error) => Effect.logWarning("keeping the last good rates", describe(error)))
  )
  const table = rates.current()
  const now = yield* DateTime.now
  yield* Metric.set(tableDate, new Date(table.date).getTime() / 1000)
  yield* Metric.set(staleTable, isStale(table, now) ? 1 : 0)
  yield* Effect.sleep(yield* untilRefresh(table, now))
})

/** Five to fifteen minutes after the next publication; half an hour or a little more while one is overdue. */
const untilRefresh = (table: RateTable.RateTable, now: DateTime.DateTime): Effect.Effect<Duration.Duration> =>
  Effect.map(Random.nextRange(5, 15), (minutes) =>
    table.date >= Publication.latest(now)
      ? Duration.sum(Publication.untilNext(now), Duration.minutes(minutes))
      : Duration.minutes(25 + minutes)
  )

const describe = (error: RatesUnreachable | RateTable.RatesRefused) =>
  error._tag === "RatesRefused" ? { reason: error.reason, at: error.at } : { reason: error.reason }

/** Measured when somebody looks: it grows by itself. */
const ageOf = (rates: typeof Rates.Service): Effect.Effect<void> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) =>
    Metric.set(tableAge, (now - new Date(rates.current().date).getTime()) / 1000)
  )

const tableAge = Metric.gauge("currency_rates_age_seconds", {
  description: "How long ago the day of the rates in use began"
})

const tableDate = Metric.gauge("currency_rates_date_seconds", {
  description: "The day of the rates in use, as seconds of the Unix epoch"
})

const staleTable = Metric.gauge("currency_rates_stale", {
  description: "1 while the rates in use are older than the days between two tables"
})
