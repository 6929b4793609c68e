import * as CartStoreMemory from "@retro/cartservice/CartStoreMemory"
import { CartStore } from "@retro/cartservice/CartStore"
import * as Envelope from "@retro/checkoutservice/Envelope"
import * as JournalStoreMemory from "@retro/checkoutservice/JournalStoreMemory"
import * as Rates from "@retro/currencyservice/Rates"
import * as Snapshot from "@retro/currencyservice/Snapshot"
import * as OutcomesMemory from "@retro/outcomes/OutcomesMemory"
import * as CardFingerprint from "@retro/paymentservice/CardFingerprint"
import * as Catalog from "@retro/productcatalogservice/Catalog"
import { Cause, ConfigProvider, Duration, Effect, Exit, Layer, Logger, LogLevel } from "effect"
import * as Station from "../src/Station.ts"
import * as Dice from "./Dice.ts"
import * as Games from "./Games.ts"
import * as Invariants from "./Invariants.ts"
import type { Mutant } from "./Mutant.ts"
import * as Network from "./Network.ts"
import * as Port from "./Port.ts"
import * as Shopper from "./Shopper.ts"
import * as Stores from "./Stores.ts"
import * as Trace from "./Trace.ts"
import * as VirtualTime from "./VirtualTime.ts"
import * as Weather from "./Weather.ts"
import * as World from "./World.ts"

/** What to run. */
export interface Setting {
  readonly seed: number
  /** Instead of the weather of the seed. */
  readonly weather?: Weather.Weather
  /** Instead of the shoppers of the seed one who does the least, with funds or without. */
  readonly plain?: { readonly poor: boolean }
  /** A mistake put into the shop. */
  readonly mutant?: Mutant
}

/** What came of a run. */
export interface Result {
  readonly seed: number
  /** The promises that were broken; none in a shop that keeps them. */
  readonly violations: ReadonlyArray<string>
  readonly trace: Trace.Trace
  /** The operations of stores and outside parties until all was quiet: where a crash can be put. */
  readonly operations: ReadonlyArray<string>
  /** How much time passed in the shop, in milliseconds. */
  readonly elapsed: number
}

/** After that long without faults every order must have come to its end. */
const patience = Duration.minutes(10)

/** Nothing comes later than that once all is done: the latest request, and the longest lease and deadline after it. */
const quiet = Duration.seconds(40)

/**
 * Runs the whole shop once, as the seed has it: the same setting always leads to the same result. Owners of leases, card
 * tokens and nonces are random all the same; they are opaque, and neither what happens nor the trace depends on them.
 */
export const run = ({ mutant, plain, seed, weather = Weather.of(seed) }: Setting): Result => {
  const time = VirtualTime.make(Dice.make(seed, "time"))
  const trace = Trace.make(time)
  const [world, journals] = [World.make(), Stores.makeJournals()]
  const dice = Dice.make(seed, "shoppers")
  const shoppers = Array.from({ length: plain === undefined ? dice.pick(1, 1, 2, 3) : 1 }, (_, index) =>
    Shopper.make(index + 1)
  )

  const allEnded = () =>
    time.elapsed() >= weather.until &&
    [...journals.begun].every((id) => journals.finished.has(id) || journals.parked.has(id))
  const program = Effect.gen(function* () {
    yield* Effect.forEach(
      shoppers,
      (shopper, index) =>
        plain === undefined
          ? Shopper.live(shopper, Dice.make(seed, `shopper ${index}`), world, trace)
          : Shopper.livePlainly(shopper, plain.poor, world, trace),
      { concurrency: "unbounded", discard: true }
    )
    yield* Effect.sleep("1 seconds").pipe(Effect.repeat({ until: allEnded }), Effect.timeoutOption(patience))
    yield* Effect.sleep(quiet)
    const operations = [...trace.operations]
    return { operations, violations: yield* Invariants.broken(world, journals, shoppers, trace) }
  })

  const exit = time.run(Effect.provide(program, shop(seed, weather, time, trace, world, journals, mutant)))
  const ended = Exit.getOrElse(exit, (cause) => ({
    operations: [],
    violations: [`the run did not end well: ${Cause.pretty(cause)}`]
  }))
  return { seed, trace, elapsed: time.elapsed(), ...ended }
}

const shop = (
  seed: number,
  weather: Weather.Weather,
  time: VirtualTime.VirtualTime,
  trace: Trace.Trace,
  world: World.World,
  journals: Stores.Journals,
  mutant: Mutant | undefined
) => {
  const storm = Weather.brew(seed, weather, time)
  const operation = Port.make(storm, trace)
  const mistake = mutant?.make()
  const network = Network.wiring(storm, trace, mistake?.swaps ?? [])
  const carts = CartStoreMemory.layerMemory
  return Station.services(network, mistake?.checkout).pipe(
    Layer.provide(World.layer(world, operation, storm, trace)),
    Layer.provide(Stores.journal(journals, operation, trace, storm.dice, mistake?.journal)),
    Layer.provide(Stores.outcomes(operation)),
    Layer.provide(World.carts(world, operation, trace)),
    Layer.provideMerge(Layer.effect(World.Carts, CartStore)),
    Layer.provide(Layer.mergeAll(carts, JournalStoreMemory.layerMemory, OutcomesMemory.layerMemory)),
    Layer.provide(Layer.mergeAll(Envelope.layerConfig, CardFingerprint.layerConfig)),
    Layer.provide(Layer.mergeAll(Catalog.layerOf(Games.all), Rates.layerFixed(Snapshot.table))),
    Layer.provide(Layer.setConfigProvider(ConfigProvider.fromMap(new Map([["PII_KEY", piiKey]])))),
    Layer.provide(Logger.minimumLogLevel(LogLevel.None)),
    Layer.orDie
  )
}

/** The same in every run, so that order ids, which are made from it for old clients, are too. */
const piiKey = Buffer.alloc(32, "simulation").toString("base64")
