import type { Tier } from "@retro/process/Tiers"
import { type Duration, Effect } from "effect"
import * as Truth from "../test/Truth.ts"
import * as Crowd from "./Crowd.ts"
import type * as Deployment from "./Deployment.ts"
import * as RollingShop from "./RollingShop.ts"

/** What is rehearsed. */
export interface Plan {
  readonly pace: Deployment.Pace
  readonly shoppers: number
  /** How often every pod is replaced. */
  readonly rounds: number
  /** How many deployments restart at the same time. */
  readonly atOnce: number
  readonly say: (text: string) => void
}

/** What became of it. */
export interface Outcome extends Pick<Crowd.Report, "requests"> {
  readonly orders: number
  /** Requests that failed, and orders for which something was not done exactly once. */
  readonly broken: ReadonlyArray<string>
}

/** How long the shop may take to sell, once the last thing that it needs runs. */
const toOpen: Duration.DurationInput = "60 seconds"

/**
 * Starts every tier before those that it needs and Redis last, until the shop sells; gives each tier a second pod; then
 * replaces every pod under the hands of shoppers, and looks at what was done for their orders.
 */
export const run = Effect.fnUntraced(function* ({ atOnce, pace, rounds, say, shoppers }: Plan) {
  const shop = yield* RollingShop.make
  const each = (act: (deployment: Deployment.Deployment) => Effect.Effect<void>, concurrency = 1) =>
    Effect.forEach(RollingShop.callersFirst, (tier) => Effect.flatMap(shop.of(tier), act), {
      concurrency,
      discard: true
    })

  yield* each(({ grow }) => grow(1))
  yield* shop.redis.start
  const first = yield* Crowd.one(shop.website).pipe(
    Effect.delay("200 millis"),
    Effect.repeat({ until: ({ failures }) => failures.length === 0 }),
    Effect.timeoutFail({ duration: toOpen, onTimeout: () => new Error("the shop does not sell") }),
    Effect.orDie
  )
  say("started callers first and Redis last, the shop sells")

  yield* each(({ grow, ready }) => Effect.zipRight(grow(1), ready), 2)
  const crowd = yield* Crowd.gather(shop.website, shoppers)
  const restarted = (tier: Tier) => Effect.sync(() => say(`every pod of ${tier} is a new one`))
  yield* Effect.replicateEffect(
    each(({ restart, tier }) => Effect.zipRight(restart(pace), restarted(tier)), atOnce),
    rounds
  )
  const { failures, orders, requests } = yield* crowd.sendHome
  const all = [...first.orders, ...orders]
  const truths = yield* Effect.forEach(all, ({ id }) => Truth.settled(shop.truth.of(id)))
  const [charges, parcels] = [shop.truth.transactions().length, shop.truth.parcels().length]
  const outcome: Outcome = {
    requests,
    orders: all.length,
    broken: [
      ...failures,
      ...truths.flatMap((truth) => (isDone(truth) ? [] : [`an order ended with ${JSON.stringify(truth)}`])),
      ...(charges === all.length && parcels === all.length
        ? []
        : [`${all.length} orders, but ${charges} charges and ${parcels} parcels`])
    ]
  }
  return outcome
})

const isDone = ({ charges, mailed, mails, paid, parcels, shipped }: Truth.Truth) =>
  charges === 1 && parcels === 1 && mails === 1 && paid && shipped && mailed
