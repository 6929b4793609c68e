import { Effect, Fiber, Ref, Schema, type Scope } from "effect"
import { pathToFileURL } from "node:url"
import { resolve } from "node:path"
import * as RedisServer from "../../redis/test/RedisServer.ts"
import * as Fleet from "../chaos/Fleet.ts"
import * as Invariants from "../chaos/Invariants.ts"
import * as Shopper from "../chaos/Shopper.ts"
import * as Dice from "../simulation/Dice.ts"
import { increment } from "../simulation/Trace.ts"
import * as Trend from "./Trend.ts"

/** How one thing about one process went. */
export interface Row {
  readonly process: string
  readonly what: Measure
  readonly trend: Trend.Trend
  readonly isFlat: boolean
}

/** What came of a run. */
export interface Result {
  readonly rows: ReadonlyArray<Row>
  /** How many keys Redis holds of each kind, and those that would stay for ever and should not. */
  readonly keys: ReadonlyMap<string, number>
  readonly endless: ReadonlyArray<string>
  readonly broken: ReadonlyArray<string>
  readonly counts: ReadonlyMap<string, number>
}

/** What is measured, and what it may grow by in a minute: megabytes, handles, milliseconds. */
const allowed = { used: 0.25, resident: 1, handles: 0.5, lag: 1 }
export type Measure = keyof typeof allowed
const measures = ["used", "resident", "handles", "lag"] as const

/** How often a process tells how it is. */
const perMinute = 30

/** Keys that stay, one of each for each shard: lists that empty themselves, and one that is cut to a fixed length. */
const staying = /^journals:\{\d\}:(unfinished|parked|latest)$/

/** Runs the split shop, one process of each tier, under steady load and without faults. The first third is for warming up, and is not judged. */
export const run = (millis: number, say: (text: string) => void): Effect.Effect<Result, never, Scope.Scope> =>
  Effect.gen(function* () {
    const preload = pathToFileURL(resolve("packages/station/soak/preload.mjs")).href
    const fleet = yield* Fleet.start({ NODE_OPTIONS: `--import=${preload}` }, 1)
    say(`${fleet.replicas.length} processes and Redis serve`)
    const [over, served] = [yield* Ref.make(false), Array<Shopper.Shopper>()]
    const shopping = Effect.forEach(
      [0, 1, 2],
      Effect.fnUntraced(function* (index) {
        const dice = Dice.make(1, `shopper ${index}`)
        for (let visit = 0; !(yield* Ref.get(over)); visit++) {
          served.push(yield* Shopper.shop(fleet.website, `shopper-${index}-${visit}`, dice, { count: 0 }))
          yield* Effect.sleep("100 millis")
        }
      }),
      { concurrency: "unbounded" }
    )
    const load = yield* Effect.fork(shopping)
    for (let minute = 1; minute <= millis / 60_000; minute++) {
      yield* Effect.sleep("1 minute")
      say(`minute ${minute}: ${served.length} shoppers served`)
    }
    yield* Effect.sleep(millis % 60_000)
    const rows = fleet.replicas.flatMap(rowsOf)
    yield* Ref.set(over, true)
    yield* Fiber.join(load)
    const findings = yield* Invariants.check(fleet, served)
    return { rows, ...findings, ...(yield* keysOf(fleet)) }
  })

const Line = Schema.decodeUnknownOption(
  Schema.parseJson(
    Schema.Struct({
      soak: Schema.Struct({ used: Schema.Number, resident: Schema.Number, handles: Schema.Number, lag: Schema.Number })
    })
  )
)

const rowsOf = ({ lines, name }: Fleet.Replica): ReadonlyArray<Row> => {
  const told = lines.flatMap((line) => {
    const read = line.startsWith('{"soak"') ? Line(line) : undefined
    return read?._tag === "Some" ? [read.value.soak] : []
  })
  const judged = told.slice(Math.floor(told.length / 3))
  return measures.map((what) => {
    const trend = Trend.of(
      judged.map((measured) => measured[what]),
      perMinute
    )
    return { process: name, what, trend, isFlat: Trend.isFlat(trend, allowed[what]) }
  })
}

/** Everything in Redis, by kind, and what has no end. */
const keysOf = Effect.fnUntraced(function* ({ redis }: Fleet.Fleet) {
  const client = yield* RedisServer.client(redis.port)
  const keys = new Map<string, number>()
  const endless: Array<string> = []
  for (const key of yield* Effect.promise(() => client.keys("*"))) {
    increment(
      keys,
      key
        .replace(/\{\d+\}/, "{}")
        .split(":")
        .slice(0, 2)
        .join(":")
        .replace(/^cart:.*/, "cart"),
      1
    )
    if ((yield* Effect.promise(() => client.pttl(key))) < 0 && !staying.test(key)) endless.push(key)
  }
  return { keys, endless }
}, Effect.scoped)
