import { Effect, GlobalValue, type Scope } from "effect"

/** What is measured only when somebody collects the metrics: the age of a thing, the memory in use. */
const observers: Set<Effect.Effect<void>> = GlobalValue.globalValue("@retro/telemetry/Observed", () => new Set())

/** Has this run before each collection, until the scope closes; it sets gauges. */
export const register = (observe: Effect.Effect<void>): Effect.Effect<void, never, Scope.Scope> =>
  Effect.asVoid(
    Effect.acquireRelease(
      Effect.sync(() => observers.add(observe)),
      () => Effect.sync(() => observers.delete(observe))
    )
  )

/** Runs them all. */
export const observe: Effect.Effect<void> = Effect.suspend(() => Effect.all([...observers], { discard: true }))
