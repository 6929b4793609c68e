import { Deferred, Effect, Fiber, Ref, type Scope } from "effect"
import * as Dice from "../simulation/Dice.ts"
import { increment } from "../simulation/Trace.ts"
import * as Fault from "./Fault.ts"
import * as Fleet from "./Fleet.ts"
import * as Invariants from "./Invariants.ts"
import * as Shopper from "./Shopper.ts"

/** How long, how bad, and by which dice. */
export interface Settings {
  readonly seed: number
  readonly millis: number
  /** Who shop at a time. */
  readonly shoppers: number
  readonly say: (text: string) => void
}

/** What came of a run. */
export interface Result extends Invariants.Findings {
  /** The faults with an order in flight, by kind. */
  readonly faults: ReadonlyMap<Fault.Kind, number>
  readonly shoppers: number
}

/** At most so many faults at a time, with so many milliseconds at least and at most from one to the next. */
const density = { together: 3, least: 100, most: 1400 }

/** Runs the split shop under shoppers and faults, lets it come to rest, and asks whether all agree. */
export const run = ({ millis, seed, say, shoppers }: Settings): Effect.Effect<Result, never, Scope.Scope> =>
  Effect.gen(function* () {
    const fleet = yield* Fleet.start()
    say(`${fleet.replicas.length} processes and Redis serve`)
    const over = yield* Ref.make(false)
    const inFlight: Shopper.InFlight = { count: 0 }
    const served: Array<Shopper.Shopper> = []
    const faults = new Map<Fault.Kind, number>()

    const buying = Effect.forEach(
      Array.from({ length: shoppers }, (_, index) => index),
      Effect.fnUntraced(function* (index) {
        const dice = Dice.make(seed, `shopper ${index}`)
        for (let visit = 0; !(yield* Ref.get(over)); visit++) {
          served.push(yield* Shopper.shop(fleet.website, `shopper-${seed}-${index}-${visit}`, dice, inFlight))
        }
      }),
      { concurrency: "unbounded" }
    )
    const shop = yield* Effect.fork(buying)
    yield* storm(fleet, seed, millis, inFlight, faults, say)
    yield* Ref.set(over, true)
    say("no more faults: the orders come to rest")
    yield* Fiber.join(shop)
    const findings = yield* Invariants.check(fleet, served)
    return { ...findings, faults, shoppers: served.length }
  })

/** Faults, one soon after the other, each begun while an order is in flight; ends when the last one is over. */
const storm = Effect.fnUntraced(function* (
  fleet: Fleet.Fleet,
  seed: number,
  millis: number,
  inFlight: Shopper.InFlight,
  faults: Map<Fault.Kind, number>,
  say: (text: string) => void
) {
  const dice = Dice.make(seed, "chaos")
  const until = performance.now() + millis
  const busy = new Set<string>()
  const room = yield* Effect.makeSemaphore(density.together)
  const running: Array<Fiber.Fiber<void>> = []
  while (performance.now() < until) {
    yield* Effect.sleep(dice.between(density.least, density.most))
    const fault = Fault.next(fleet, dice)
    if (busy.has(fault.target)) continue
    busy.add(fault.target)
    const begun = yield* Deferred.make<void>()
    running.push(
      yield* Effect.fork(
        room.withPermits(1)(
          awaitOrder(inFlight).pipe(
            Effect.tap(() => {
              increment(faults, fault.kind, 1)
              say(`${fault.kind}: ${fault.what} (${inFlight.count} orders in flight)`)
              return Deferred.succeed(begun, undefined)
            }),
            Effect.zipRight(fault.strike),
            Effect.ensuring(Effect.sync(() => busy.delete(fault.target)))
          )
        )
      )
    )
    yield* Deferred.await(begun)
  }
  yield* Fiber.joinAll(running)
})

/** Until somebody waits for an order: here a moment is as long as a step of one takes. */
const awaitOrder = (inFlight: Shopper.InFlight) =>
  Effect.repeat(Effect.sleep("3 millis"), { until: () => inFlight.count > 0 })
