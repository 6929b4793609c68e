import * as Faults from "@retro/contract/Faults"
import * as FaultFlags from "@retro/process/FaultFlags"
import { Config, Effect, Layer } from "effect"
import * as Station from "./Station.ts"

/**
 * The services in one process. In development they stand behind the switch of `/dev/faults`, and in production behind
 * nothing; `FAULTS` says otherwise ("off", or "openfeature" for flags).
 */
export const layer = Layer.unwrapScoped(
  Effect.gen(function* () {
    const mode = yield* FaultFlags.mode
    if (mode === "openfeature") return Station.services(Station.faulty(Station.fused, yield* FaultFlags.make))
    const isProduction = (yield* Config.withDefault(Config.string("NODE_ENV"), "")) === "production"
    if (mode === "off" || isProduction) return Station.services(Station.fused)
    const faults = yield* Faults.makeSwitch(...Station.contracts)
    return Layer.merge(
      Station.services(Station.faulty(Station.fused, faults)),
      Layer.succeed(Faults.FaultSwitch, faults)
    )
  })
)
