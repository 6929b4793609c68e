import { Clock, Duration, Effect, FiberRef, GlobalValue } from "effect"

/** What a call hands on to the calls it makes. */
export interface CallContext {
  /** When the answer is no longer wanted, in milliseconds of the Unix epoch. */
  readonly deadline: number
  /** W3C baggage as received: entries that travel with the trace. */
  readonly baggage: string | undefined
}

/** The context of the running call; a fiber that nobody called has for ever and carries nothing. */
export const current: FiberRef.FiberRef<CallContext> = GlobalValue.globalValue("@retro/contract/CallContext", () =>
  FiberRef.unsafeMake<CallContext>({ deadline: Infinity, baggage: undefined })
)

/** Gives an effect and all the calls it makes that long at most, and never longer than its own caller has. */
export const within =
  (budget: Duration.DurationInput) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.flatMap(Clock.currentTimeMillis, (now) =>
      Effect.locallyWith(effect, current, (context) => ({
        ...context,
        deadline: Math.min(context.deadline, now + Duration.toMillis(budget))
      }))
    )

/** Gives an effect a budget of its own, whatever its caller has left: for what must be finished once it is begun. */
export const withOwnBudget =
  (budget: Duration.DurationInput) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.flatMap(Clock.currentTimeMillis, (now) =>
      Effect.locallyWith(effect, current, (context) => ({ ...context, deadline: now + Duration.toMillis(budget) }))
    )
