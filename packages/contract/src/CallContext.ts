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
      locally(({ baggage, deadline }) => ({
        deadline: Math.min(deadline, now + Duration.toMillis(budget)),
        baggage
      }))(effect)
    )

/**
 * Gives an effect budgets of its own for what it does one after the other, whatever its caller has left: `begin` says when
 * the next one starts, and how long it is. One context for all of them: to enter one costs more than to do most things in it.
 */
export const withOwnBudgets = <A, E, R>(use: (begin: Begin) => Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.suspend(() => {
    let ends: number | undefined
    const begin: Begin = (budget) =>
      Effect.clockWith((clock) => {
        const now = clock.unsafeCurrentTimeMillis()
        ends = now + Duration.toMillis(budget)
        return Effect.succeed(now)
      })
    return locally(({ baggage, deadline }) => ({
      baggage,
      get deadline() {
        return ends ?? deadline
      }
    }))(use(begin))
  })

/** Begins the next budget, and answers when that was, in milliseconds of the Unix epoch. */
export type Begin = (budget: Duration.DurationInput) => Effect.Effect<number>

/** Gives an effect a budget of its own, whatever its caller has left: for what must be finished once it is begun. */
export const withOwnBudget =
  (budget: Duration.DurationInput) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.flatMap(Clock.currentTimeMillis, (now) =>
      locally(({ baggage }) => ({ deadline: now + Duration.toMillis(budget), baggage }))(effect)
    )
