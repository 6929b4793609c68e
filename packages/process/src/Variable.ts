import { Config, Effect, Layer } from "effect"

/** Whether the configuration has this variable, and it is not empty. */
export const isSet = (name: string): Config.Config<boolean> =>
  Config.map(Config.withDefault(Config.string(name), ""), (value) => value !== "")

/** What a variable decides. */
export interface Choice<A, E1, R1, E2, R2> {
  /** Where it is set: reads it. */
  readonly set: Layer.Layer<A, E1, R1>
  /** Where it is not. */
  readonly unset: Layer.Layer<A, E2, R2>
  /** What that means, for the log. */
  readonly meaning: string
  /** Whether in production (`NODE_ENV`) it must be set. */
  readonly requiredInProduction?: boolean
}

/** One of two layers, by whether the configuration has this variable. */
export const choose = <A, E1, R1, E2, R2>(
  name: string,
  { meaning, requiredInProduction = false, set, unset }: Choice<A, E1, R1, E2, R2>
) =>
  Layer.unwrapEffect(
    Effect.gen(function* () {
      const given = yield* isSet(name)
      const mode = yield* Config.withDefault(Config.string("NODE_ENV"), "")
      const chosen: Layer.Layer<A, E1 | E2, R1 | R2> =
        given || (requiredInProduction && mode === "production") ? set : unset
      if (chosen === unset) yield* Effect.logWarning(`${name} is not set: ${meaning}`)
      return chosen
    })
  )
