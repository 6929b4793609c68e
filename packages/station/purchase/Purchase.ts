import { Cause, Clock, Duration, Effect, Exit, Schedule } from "effect"
import * as Laws from "./Laws.ts"
import * as Shopper from "./Shopper.ts"

/** Where to buy, and for whom to say what came of it. */
export interface Plan {
  /** "https://shop.example". */
  readonly origin: string
  /** How long the shop may take until it takes its first order: its parts may still be starting. */
  readonly patience: Duration.DurationInput
  readonly say: (text: string) => void
}

/** Buys in a shop of which only the address is known; succeeds with how many laws did not hold there. */
export const run = Effect.fnUntraced(function* ({ origin, patience, say }: Plan) {
  const newShopper = Effect.sync(() => Shopper.at(origin))
  yield* opened(newShopper, patience)
  let broken = 0
  for (const [name, law] of Object.entries(Laws.all)) {
    const began = yield* Clock.currentTimeMillis
    const exit = yield* Effect.exit(law(newShopper))
    const took = (yield* Clock.currentTimeMillis) - began
    say(`${Exit.isSuccess(exit) ? "✓" : "✗"} ${name} (${took} ms)`)
    if (Exit.isFailure(exit)) {
      broken++
      say(Cause.pretty(exit.cause))
    }
  }
  return broken
})

/**
 * Succeeds when somebody could order, in euros since that asks every service, or when patience is over: that nobody could
 * is then what the laws say.
 */
const opened = (newShopper: Effect.Effect<Shopper.Shopper>, patience: Duration.DurationInput) =>
  Laws.order("EUR")(newShopper).pipe(
    Effect.catchAllCause(Effect.fail),
    Effect.retry(Schedule.upTo(Schedule.spaced("500 millis"), patience)),
    Effect.ignore
  )
