// A process with a defect at its start.
import { Effect, Layer } from "effect"
import * as Process from "../src/Process.ts"

Layer.effectDiscard(Effect.die(new Error("the sky fell"))).pipe(Process.launch("currencyservice"))
