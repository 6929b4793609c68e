import { Clock, Context, Duration, Effect } from "effect"

/** What a call hands on to the calls it makes. */
export interface CallContext {
  /** When the answer is no longer wanted, in milliseconds of the Unix epoch. */
  readonly deadline: number
  /** W3C baggage as received: entries that travel with the trace. */
  readonly baggage: string | undefined
}

/**
 * The context of the running call; who was called by nobody has for ever and carries nothing. It travels with the services
 * of a fiber and not as a fiber reference of its own: a call begins with both at the cost of one.
 */
export class Current extends Context.Reference<Current>()("@retro/contract/CallContext", {
  defaultValue: (): CallContext => ({ deadline: Infinity, baggage: undefined })
}) {}

/** The same where there is no time for an effect. */
export const of = (context: Context.Context<never>): CallContext => context.unsafeMap.get(Current.key) ?? root

const root: CallContext = { deadline: Infinity, baggage: undefined }

/** Changes the context of an effect and of all the calls it makes. */
export const locally =
  (change: (context: CallContext) => CallContext) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.mapInputContext(effect, (context: Context.Context<R>) =>
      Context.add(context, Current, change(of(context as Context.Context<never>)))
    )

/** Gives an effect and all the calls it makes that long at most, and never longer than its own caller has. */
export const within =
  (budget: Duration.DurationInput) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.flatMap(Clock.currentTimeMillis, (now) =>
      locally((context) => ({ ...context, deadline: Math.min(context.deadline, now + Duration.toMillis(budget)) }))(
        effect
      )
    )

/** Gives an effect a budget of its own, whatever its caller has left: for what must be finished once it is begun. */
export const withOwnBudget =
  (budget: Duration.DurationInput) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.flatMap(Clock.currentTimeMillis, (now) =>
      locally((context) => ({ ...context, deadline: now + Duration.toMillis(budget) }))(effect)
    )
