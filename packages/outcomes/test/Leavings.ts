import { Cause, Effect, Layer, Logger } from "effect"
import { Outcomes } from "../src/Outcomes.ts"
import { layerMemory } from "../src/OutcomesMemory.ts"

/** What a program leaves behind: outcomes, and the log. */
export interface Leavings {
  /** Every key and text that was written, and every line that was logged. */
  readonly texts: ReadonlyArray<string>
  /** A store in memory that is watched. */
  readonly outcomes: Layer.Layer<Outcomes>
  readonly logger: Layer.Layer<never>
}

/** Watches what a program leaves behind. */
export const make = (): Leavings => {
  const texts: Array<string> = []
  const watched = (store: typeof Outcomes.Service): typeof Outcomes.Service => ({
    ...store,
    putIfAbsent: (key, text, time) => {
      texts.push(key, text)
      return store.putIfAbsent(key, text, time)
    },
    replace: (key, expected, text) => {
      texts.push(text)
      return store.replace(key, expected, text)
    },
    claim: (key, attempt) => {
      texts.push(key, attempt.text)
      return store.claim(key, attempt)
    },
    settle: (key, owner, expected, text) => {
      texts.push(text)
      return store.settle(key, owner, expected, text)
    }
  })
  return {
    texts,
    outcomes: Layer.provide(Layer.effect(Outcomes, Effect.map(Outcomes, watched)), layerMemory),
    logger: Logger.replace(
      Logger.defaultLogger,
      Logger.make(({ annotations, cause, message }) =>
        texts.push(JSON.stringify([message, [...annotations]]), Cause.pretty(cause))
      )
    )
  }
}
