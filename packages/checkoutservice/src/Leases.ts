import { Duration, Effect, Fiber, type Scope } from "effect"
import type { JournalStore } from "./JournalStore.ts"

/** The leases of the runs of one replica. */
export interface Leases {
  /** Renews the lease of a journal while an effect works on it, and interrupts the effect once the lease is another's. */
  readonly during: (id: string, owner: string) => <A, E, R>(work: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
}

/**
 * Builds what renews all leases together, at a third of their time: one fiber for a replica, not one for each run. A store
 * that is silent is asked again after another third; what a run writes meanwhile is fenced by the store itself.
 */
export const make = (store: typeof JournalStore.Service): Effect.Effect<Leases, never, Scope.Scope> =>
  Effect.gen(function* () {
    const held = new Map<string, Held>()

    const renew = ([owner, { fiber, id }]: readonly [string, Held]) =>
      Effect.flatMap(store.renew(id, owner), (isTheirs) =>
        isTheirs || !held.has(owner)
          ? Effect.void
          : Effect.zipRight(Effect.logWarning(`journal ${id}: lost its lease`), Fiber.interruptFork(fiber))
      ).pipe(
        // Also a defect: whatever goes wrong with one lease, the others are renewed.
        Effect.ignoreLogged
      )

    yield* Effect.suspend(() => Effect.forEach([...held], renew, { concurrency: "unbounded", discard: true })).pipe(
      Effect.delay(Duration.millis(Duration.toMillis(store.lease) / 3)),
      Effect.forever,
      Effect.forkScoped
    )

    return {
      during:
        (id, owner) =>
        <A, E, R>(work: Effect.Effect<A, E, R>) =>
          Effect.withFiberRuntime<A, E, R>((fiber) => {
            held.set(owner, { id, fiber })
            return Effect.ensuring(
              work,
              Effect.sync(() => held.delete(owner))
            )
          })
    }
  })

interface Held {
  readonly id: string
  readonly fiber: Fiber.RuntimeFiber<unknown, unknown>
}
