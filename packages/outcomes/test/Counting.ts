import { Effect, Layer } from "effect"
import { Outcomes } from "../src/Outcomes.ts"
import { layerMemory } from "../src/OutcomesMemory.ts"

/** A store in memory that counts what it is asked: in Redis each operation is one round trip. */
export const layer = (asked: { times: number }) => {
  const counted = <A, E>(operation: Effect.Effect<A, E>) =>
    Effect.suspend(() => {
      asked.times += 1
      return operation
    })
  return Layer.effect(
    Outcomes,
    Effect.map(Outcomes, (store) =>
      Outcomes.of({
        find: (key) => counted(store.find(key)),
        putIfAbsent: (key, text, timeToLive) => counted(store.putIfAbsent(key, text, timeToLive)),
        replace: (key, expected, text) => counted(store.replace(key, expected, text)),
        remove: (key, expected) => counted(store.remove(key, expected)),
        claim: (key, attempt) => counted(store.claim(key, attempt)),
        settle: (key, owner, expected, text) => counted(store.settle(key, owner, expected, text)),
        release: (key, owner) => counted(store.release(key, owner))
      })
    )
  ).pipe(Layer.provide(layerMemory))
}

/** How often an effect asks it. */
export const times = <A, E, R>(asked: { times: number }, effect: Effect.Effect<A, E, R>): Effect.Effect<number, E, R> =>
  Effect.suspend(() => {
    asked.times = 0
    return Effect.map(effect, () => asked.times)
  })
