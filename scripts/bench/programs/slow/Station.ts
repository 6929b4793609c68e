// The shop in one process as it must not be: every call slow (see Slowly.ts), over a socket to itself, in a process that
// takes its time to start and 64 MB that it does not need.
import * as Frontend from "@retro/frontend/Frontend"
import * as DevMailbox from "@retro/station/DevMailbox"
import * as Station from "@retro/station/Station"
import * as Stores from "@retro/station/Stores"
import * as Process from "@retro/process/Process"
import { Effect, Layer } from "effect"
import { slowly } from "./Slowly.ts"

const wasted = Buffer.alloc(64 * 1024 * 1024, 1)
const waits = Layer.effectDiscard(Effect.sleep(`${Math.max(600, wasted[0] ?? 0)} millis`))
const slow: Station.Wiring = (contract, program) => Station.split(contract, slowly(contract, program))

Frontend.layer.pipe(
  Layer.provide(DevMailbox.layer),
  Layer.provide(Station.services(slow)),
  Layer.provide(Layer.mergeAll(Stores.inMemory, Stores.bundled)),
  Layer.provide(waits),
  Process.launch("frontend", "station")
)
