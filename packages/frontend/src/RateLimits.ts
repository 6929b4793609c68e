import { Config, Context, Data, Effect, Exit, Layer, Metric, Record } from "effect"
import type { Page } from "./pages/Page.ts"
import { Proxies } from "./Proxies.ts"
import * as Refused from "./Refused.ts"
import type { Request } from "./Request.ts"
import type { Session } from "./Session.ts"
import * as TokenBuckets from "./TokenBuckets.ts"

/** What is limited. A decline is what tells a thief that a stolen card is worth nothing. */
export type Kind = keyof typeof kinds

/** Who asks. */
export interface Who {
  readonly request: Request
  readonly session: Pick<Session, "userId">
}

/** Somebody asks for more than their share. */
export class TooMany extends Data.TaggedError("TooMany")<{ readonly kind: Kind; readonly seconds: number }> {}

/**
 * How often one session may do what costs us much or could be abused, and how often all sessions of one network may: who
 * throws the cookie away begins another session, but stays in the same network.
 */
export class RateLimits extends Context.Tag("@retro/frontend/RateLimits")<
  RateLimits,
  {
    /** Counts it that many times, or refuses it. */
    readonly count: (kind: Kind, who: Who, times?: number) => Effect.Effect<void, TooMany>
    /** Counts it ahead, so that many at once are no way around it, and takes that back for what turned out to be none. */
    readonly countIf: <A, E, R>(
      kind: Kind,
      who: Who,
      is: (exit: Exit.Exit<A, E>) => number,
      effect: Effect.Effect<A, E, R>,
      times?: number
    ) => Effect.Effect<A, E | TooMany, R>
  }
>() {
  /**
   * `SEARCH_LIMIT` and `CART_LIMIT` (120), `CHECKOUT_LIMIT` (60): requests of one session in a minute; `DECLINE_LIMIT`
   * (6): declined cards of one session in an hour. 0 is no limit. All sessions of a network may do a multiple of it.
   */
  static readonly layerConfig = Layer.effect(
    RateLimits,
    Effect.gen(function* () {
      const { networkOf } = yield* Proxies
      const limits = yield* Effect.all(Record.map(kinds, configured))

      const keysOf = (kind: Kind, { request, session }: Who) => {
        const { networks, sessions } = limits[kind]
        const network = networkOf(request)
        return [[sessions, session.userId] as const, ...(network === undefined ? [] : [[networks, network] as const])]
      }

      const take = Effect.fnUntraced(function* (kind: Kind, who: Who, times: number) {
        const taken: Array<readonly [TokenBuckets.TokenBuckets, string]> = []
        for (const [buckets, key] of keysOf(kind, who)) {
          const seconds = yield* buckets?.take(key, times) ?? Effect.succeed(0)
          if (seconds > 0) {
            yield* Effect.forEach(taken, ([earlier, its]) => earlier.giveBack(its, times), { discard: true })
            yield* Metric.increment(Metric.tagged(refusals, "limit", kind))
            return yield* new TooMany({ kind, seconds })
          }
          if (buckets !== undefined) taken.push([buckets, key])
        }
      })

      const giveBack = (kind: Kind, who: Who, times: number) =>
        Effect.forEach(keysOf(kind, who), ([buckets, key]) => buckets?.giveBack(key, times) ?? Effect.void, {
          discard: true
        })

      return {
        count: (kind, who, times = 1) => take(kind, who, times),
        countIf: (kind, who, is, effect, times = 1) =>
          Effect.zipRight(
            take(kind, who, times),
            Effect.onExit(effect, (exit) => giveBack(kind, who, times - is(exit)))
          )
      }
    })
  )
}

/** The page, for whoever has not asked for it too often. */
export const limited =
  ({ count }: typeof RateLimits.Service) =>
  (kind: Kind, page: Page): Page =>
  (visit) =>
    Effect.zipRight(
      Effect.mapError(count(kind, visit), ({ seconds }) => refusal(seconds)),
      page(visit)
    )

const refusal = (seconds: number) =>
  new Refused.Refused({
    status: 429,
    heading: "One at a time, please",
    sentence: `That was very often in a short time, so nothing was done. Go back and try again in ${seconds} ${seconds === 1 ? "second" : "seconds"}.`,
    headers: { "retry-after": String(seconds) }
  })

const kinds = {
  search: { variable: "SEARCH_LIMIT", times: 120, minutes: 1, perNetwork: 20 },
  cart: { variable: "CART_LIMIT", times: 120, minutes: 1, perNetwork: 20 },
  checkout: { variable: "CHECKOUT_LIMIT", times: 60, minutes: 1, perNetwork: 20 },
  decline: { variable: "DECLINE_LIMIT", times: 6, minutes: 60, perNetwork: 5 }
} as const

/** The most sessions, and the most networks, that are remembered for each kind. */
const capacity = 10_000

const configured = ({ minutes, perNetwork, times, variable }: (typeof kinds)[Kind]) =>
  Config.integer(variable).pipe(
    Config.withDefault(times),
    Config.validate({ message: "a whole number, 0 for no limit", validation: (number) => number >= 0 }),
    Config.map((burst) => ({
      sessions: bucketsOf(burst, minutes),
      networks: bucketsOf(burst * perNetwork, minutes)
    }))
  )

const bucketsOf = (burst: number, minutes: number) =>
  burst === 0 ? undefined : TokenBuckets.make({ burst, perMinute: burst / minutes }, capacity)

const refusals = Metric.counter("website_refused_total", {
  description: "Requests refused because somebody asked too often, by what was limited.",
  incremental: true
})
