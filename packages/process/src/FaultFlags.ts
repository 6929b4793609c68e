import type { Rpc } from "@effect/rpc"
import type { Contract } from "@retro/contract/Contract"
import * as Faults from "@retro/contract/Faults"
import { Config, type ConfigError, Effect, Layer, Option, Schema, type Scope } from "effect"
import { isSet } from "./Variable.ts"

/** Whether faults are injected, and who decides: `FAULTS` is empty, "off", or "openfeature" for flags. */
export const mode: Config.Config<"off" | "openfeature" | undefined> = Config.map(
  Config.option(Config.literal("off", "openfeature")("FAULTS")),
  Option.getOrUndefined
)

/** The program of a service of its own: behind faults where `FAULTS` is "openfeature", anywhere else nothing but itself. */
export const layer = <Self, R extends Rpc.Any, More, E, RIn>(
  contract: Contract<Self, R>,
  program: Layer.Layer<Self | More, E, RIn>
) =>
  Layer.unwrapScoped(
    Effect.gen(function* () {
      if ((yield* mode) !== "openfeature") return program
      return Faults.layer(contract, program, yield* make)
    })
  )

/** The value of a flag: what happens to an rpc, and how often. */
const Flag = Faults.Rule.pipe(Schema.pick("probability", "fault"))
type Flag = typeof Flag.Type

/** Flags for want of a server: in `FAULT_FLAGS`, a JSON object of values by rpc. */
const givenFlags = Schema.Config(
  "FAULT_FLAGS",
  Schema.parseJson(Schema.Record({ key: Schema.String, value: Flag }))
).pipe(Config.withDefault<Readonly<Record<string, Flag>>>({}))

/**
 * Faults as feature flags: the object flag "PaymentService.charge" holds what happens to that rpc. They come from flagd
 * where `FLAGD_HOST` or `FLAGD_OFFLINE_FLAG_SOURCE_PATH` is set (its provider reads all of `FLAGD_*`), and otherwise from
 * `FAULT_FLAGS`. Nobody who can turn a shop down from outside is a reason for it not to start: no answer is no fault.
 */
export const make: Effect.Effect<Faults.Faults, ConfigError.ConfigError, Scope.Scope> = Effect.gen(function* () {
  const sdk = yield* Effect.promise(() => import("@openfeature/server-sdk"))
  const provider = (yield* hasFlagd)
    ? yield* Effect.map(
        Effect.promise(() => import("@openfeature/flagd-provider")),
        ({ FlagdProvider }) => new FlagdProvider()
      )
    : new sdk.InMemoryProvider(inMemory(yield* givenFlags))
  yield* Effect.acquireRelease(
    Effect.sync(() => sdk.OpenFeature.setProvider(domain, provider)),
    () => Effect.promise(() => sdk.OpenFeature.close())
  )
  yield* Effect.logWarning("faults are injected as feature flags say")
  const client = sdk.OpenFeature.getClient(domain)
  return {
    of: (rpc) =>
      Effect.promise(() => client.getObjectValue(rpc, {})).pipe(
        Effect.map((value) => Option.toArray(Option.map(decode(value), (flag) => new Faults.Rule({ rpc, ...flag }))))
      )
  }
})

const domain = "faults"

const decode = Schema.decodeUnknownOption(Flag)

const hasFlagd = Effect.exists(["FLAGD_HOST", "FLAGD_OFFLINE_FLAG_SOURCE_PATH"], isSet)

const inMemory = (flags: Readonly<Record<string, Flag>>) =>
  Object.fromEntries(
    Object.entries(flags).map(([rpc, { fault, probability }]) => [
      rpc,
      { variants: { on: { probability, fault: { ...fault } } }, defaultVariant: "on", disabled: false }
    ])
  )
