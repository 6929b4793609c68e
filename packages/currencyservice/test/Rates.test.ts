import { HttpClient } from "@effect/platform"
import { describe, it } from "@effect/vitest"
import { assertEquals, assertLeft, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import type { CurrencyCode } from "@retro/domain/Currency"
import {
  BigDecimal,
  ConfigProvider,
  Context,
  DateTime,
  Effect,
  Either,
  Layer,
  Metric,
  MetricState,
  Ref,
  TestClock
} from "effect"
import * as Publication from "../src/Publication.ts"
import { layer, layerConfig, Rates } from "../src/Rates.ts"
import { layerFixed, RateSource, RatesUnreachable } from "../src/RateSource.ts"
import * as RateTable from "../src/RateTable.ts"
import * as Snapshot from "../src/Snapshot.ts"

const tableOf = (date: string, rates: ReadonlyArray<readonly [CurrencyCode, string]>) =>
  Either.getOrThrow(
    RateTable.make(
      date,
      rates.map(([code, rate]) => [code, BigDecimal.unsafeFromString(rate)] as const)
    )
  )

/** The bundled table as one of another day. */
const table = (date: string): RateTable.RateTable => ({ ...Snapshot.table, date })

const setTime = (text: string) => TestClock.setTime(DateTime.unsafeMake(text).epochMillis)

type Answer = Effect.Effect<RateTable.RateTable, RatesUnreachable | RateTable.RatesRefused>

const build = (source: Layer.Layer<RateSource>) =>
  Effect.map(Layer.build(Layer.provide(layer, source)), Context.get(Rates))

/** Rates over a source whose answer the test sets, and that counts how often it was asked. */
const scripted = Effect.fnUntraced(function* (now: string, first: Answer) {
  yield* setTime(now)
  const answer = yield* Ref.make(first)
  const asked = yield* Ref.make(0)
  const fetch = Ref.update(asked, (n) => n + 1).pipe(Effect.zipRight(Effect.flatten(Ref.get(answer))))
  const rates = yield* build(Layer.succeed(RateSource, { fetch }))
  return {
    answer: (next: Answer) => Ref.set(answer, next),
    asked: Ref.get(asked),
    date: Effect.sync(() => rates.current().date),
    stale: rates.stale,
    refresh: rates.refresh
  }
})

const unreachable = Effect.fail(new RatesUnreachable({ reason: "test" }))

describe("the current rates", () => {
  it.scoped("are the snapshot while the source does not answer: a start waits for nobody", () =>
    Effect.gen(function* () {
      const rates = yield* scripted("2026-10-05T10:00:00Z", Effect.never)
      assertEquals(yield* rates.date, "2026-10-02")
    })
  )

  it.scoped("are the source's as soon as it answers", () =>
    Effect.gen(function* () {
      const rates = yield* scripted("2026-10-05T15:00:00Z", Effect.succeed(table("2026-10-05")))
      yield* TestClock.adjust(0)
      assertEquals(yield* rates.date, "2026-10-05")
    })
  )

  it.scoped("are asked for after 16:00 in Frankfurt on working days, and not in between", () =>
    Effect.gen(function* () {
      const rates = yield* scripted("2026-10-08T20:00:00Z", Effect.succeed(table("2026-10-08")))
      yield* TestClock.adjust(0)
      assertEquals(yield* rates.asked, 1)
      yield* rates.answer(Effect.succeed(table("2026-10-09")))
      yield* setTime("2026-10-09T14:04:59Z")
      assertEquals(yield* rates.asked, 1)
      yield* setTime("2026-10-09T14:15:00Z")
      assertEquals(yield* rates.asked, 2)
      assertEquals(yield* rates.date, "2026-10-09")
      yield* rates.answer(Effect.succeed(table("2026-10-12")))
      yield* setTime("2026-10-12T14:04:59Z")
      assertEquals(yield* rates.asked, 2)
      yield* setTime("2026-10-12T14:15:00Z")
      assertEquals(yield* rates.date, "2026-10-12")
    })
  )

  it.scoped("are asked for every half hour while they are overdue", () =>
    Effect.gen(function* () {
      const rates = yield* scripted("2026-10-05T14:05:00Z", unreachable)
      yield* TestClock.adjust("4 hours")
      const asked = yield* rates.asked
      assertTrue(asked >= 7 && asked <= 9)
      yield* rates.answer(Effect.succeed(table("2026-10-05")))
      yield* TestClock.adjust("40 minutes")
      assertEquals(yield* rates.date, "2026-10-05")
    })
  )

  it.scoped("stay the last good ones when a table is refused", () =>
    Effect.gen(function* () {
      const refused = new RateTable.RatesRefused({ reason: "not-xml", at: "" })
      const rates = yield* scripted("2026-10-05T15:00:00Z", Effect.succeed(table("2026-10-05")))
      yield* TestClock.adjust(0)
      yield* rates.answer(Effect.fail(refused))
      assertLeft(yield* Effect.either(rates.refresh), refused)
      yield* rates.answer(Effect.succeed(table("2026-10-04")))
      assertLeft(yield* Effect.either(rates.refresh), new RateTable.RatesRefused({ reason: "older", at: "2026-10-04" }))
      yield* rates.answer(Effect.succeed(table("2026-10-06")))
      assertLeft(
        yield* Effect.either(rates.refresh),
        new RateTable.RatesRefused({ reason: "from-the-future", at: "2026-10-06" })
      )
      assertEquals(yield* rates.date, "2026-10-05")
    })
  )

  it.scoped("are stale when more days have passed than lie between two tables", () =>
    Effect.gen(function* () {
      const rates = yield* scripted("2026-10-05T15:00:00Z", Effect.succeed(table("2026-10-05")))
      yield* TestClock.adjust(0)
      yield* setTime("2026-10-10T21:59:00Z")
      assertEquals(yield* rates.stale, false)
      yield* setTime("2026-10-10T22:01:00Z")
      assertEquals(yield* rates.stale, true)
    })
  )

  it.scoped("say in metrics of which day they are and whether they are stale", () =>
    Effect.gen(function* () {
      const gauge = (name: string) =>
        Effect.map(Metric.snapshot, (pairs) =>
          pairs.flatMap(({ metricKey, metricState }) =>
            metricKey.name === name && MetricState.isGaugeState(metricState) ? [metricState.value] : []
          )
        )
      yield* scripted("2026-10-03T15:00:00Z", unreachable)
      yield* TestClock.adjust("1 minute")
      deepStrictEqual(yield* gauge("currency_rates_date_seconds"), [Date.UTC(2026, 9, 2) / 1000])
      deepStrictEqual(yield* gauge("currency_rates_stale"), [0])
      yield* TestClock.adjust("6 days")
      deepStrictEqual(yield* gauge("currency_rates_stale"), [1])
    })
  )

  it.scoped("come from a fixed source as well", () =>
    Effect.gen(function* () {
      yield* setTime("2026-10-05T15:00:00Z")
      const rates = yield* Layer.build(Layer.provide(layer, layerFixed(table("2026-10-05"))))
      yield* TestClock.adjust(0)
      assertEquals(Context.get(rates, Rates).current().date, "2026-10-05")
    })
  )
})

describe("where the rates come from", () => {
  const asked = Effect.fnUntraced(function* (variables: ReadonlyArray<readonly [string, string]>) {
    const urls: Array<string> = []
    const network = HttpClient.make((request) => {
      urls.push(request.url)
      return Effect.never
    })
    yield* Layer.build(layerConfig).pipe(
      Effect.provideService(HttpClient.HttpClient, network),
      Effect.withConfigProvider(ConfigProvider.fromMap(new Map(variables)))
    )
    yield* TestClock.adjust(0)
    return urls
  })

  it.scoped("is the European Central Bank, or where RATES says snapshot the bundled table and no network", () =>
    Effect.gen(function* () {
      const bank = "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml"
      deepStrictEqual(yield* asked([]), [bank])
      deepStrictEqual(yield* asked([["RATES", "ecb"]]), [bank])
      deepStrictEqual(yield* asked([["RATES", "snapshot"]]), [])
      assertTrue(/one of \(ecb, snapshot\)/i.test(String(yield* Effect.flip(asked([["RATES", "guess"]])))))
    })
  )
})

describe("a newer table", () => {
  const table = (date: string, usd: string, more: ReadonlyArray<readonly [CurrencyCode, string]> = []) =>
    tableOf(date, [["USD", usd], ...more])
  const succeed = (next: RateTable.RateTable) =>
    RateTable.succeed(table("2026-10-02", "1", [["JPY", "100"]]), next, "2028-01-01")
  const absurd = (at: string) => new RateTable.RatesRefused({ reason: "absurd-change", at })

  it("may move by half, up or down, and not by more", () => {
    for (const jpy of ["150", "50"]) assertTrue(Either.isRight(succeed(table("2026-10-05", "1", [["JPY", jpy]]))))
    for (const jpy of ["150.0001", "49.9999", "10000", "0.01"]) {
      assertLeft(succeed(table("2026-10-05", "1", [["JPY", jpy]])), absurd("JPY"))
    }
  })

  it("may have more currencies or fewer", () => {
    assertTrue(Either.isRight(succeed(table("2026-10-05", "1", [["GBP", "0.85"]]))))
  })

  it("may lack three of the currencies there were, and not four", () => {
    const lacking = (...codes: ReadonlyArray<CurrencyCode>) => {
      const perEuro = new Map(Snapshot.table.perEuro)
      for (const code of codes) perEuro.delete(code)
      return RateTable.succeed(
        Snapshot.table,
        { date: "2026-10-05", perEuro, codes: [...perEuro.keys()].sort() },
        "2026-10-05"
      )
    }
    assertTrue(Either.isRight(lacking("CZK", "DKK", "GBP")))
    assertLeft(
      lacking("JPY", "CZK", "DKK", "GBP"),
      new RateTable.RatesRefused({ reason: "currencies-missing", at: "CZK, DKK, GBP, JPY" })
    )
  })

  it("may be a correction of the same day", () => assertTrue(Either.isRight(succeed(table("2026-10-02", "1.01")))))

  it("may have moved by anything against one that is more than a year old", () => {
    assertLeft(succeed(table("2027-10-03", "3")), absurd("USD"))
    assertTrue(Either.isRight(succeed(table("2027-10-04", "3"))))
  })
})

describe("the day of the latest table", () => {
  const latest = (text: string) => Publication.latest(DateTime.unsafeMake(text))

  it("changes at 16:00 in Frankfurt, in summer and in winter", () => {
    deepStrictEqual([latest("2026-07-01T13:59:59Z"), latest("2026-07-01T14:00:00Z")], ["2026-06-30", "2026-07-01"])
    deepStrictEqual([latest("2026-12-01T14:59:59Z"), latest("2026-12-01T15:00:00Z")], ["2026-11-30", "2026-12-01"])
  })

  it("is Friday until Monday's", () => {
    for (const text of [
      "2026-10-02T14:00:00Z",
      "2026-10-03T23:00:00Z",
      "2026-10-04T12:00:00Z",
      "2026-10-05T13:59:00Z"
    ]) {
      assertEquals(latest(text), "2026-10-02")
    }
    assertEquals(latest("2026-10-05T14:00:00Z"), "2026-10-05")
  })

  it("is never later than the next publication, across the change of the clocks", () => {
    const start = DateTime.unsafeMake("2026-10-20T00:30:00Z")
    for (let hours = 0; hours < 24 * 14; hours++) {
      const now = DateTime.add(start, { hours })
      const next = DateTime.addDuration(now, Publication.untilNext(now))
      assertTrue(DateTime.greaterThan(next, now))
      assertEquals(Publication.latest(next), Publication.today(next))
      assertEquals(Publication.latest(DateTime.subtract(next, { millis: 1 })), Publication.latest(now))
    }
  })
})
