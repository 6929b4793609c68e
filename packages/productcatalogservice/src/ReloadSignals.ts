import { Effect, Layer, Runtime } from "effect"
import { Catalog } from "./Catalog.ts"

/** SIGUSR1 has every call read the catalogue again, SIGUSR2 stops that. Without a handler, either would end the process or open a debugger. */
export const layer: Layer.Layer<never, never, Catalog> = Layer.scopedDiscard(
  Effect.gen(function* () {
    const { reloadOnEveryCall } = yield* Catalog
    yield* on(
      "SIGUSR1",
      Effect.zipRight(reloadOnEveryCall(true), Effect.logInfo("reading the catalogue on every call"))
    )
    yield* on(
      "SIGUSR2",
      Effect.zipRight(reloadOnEveryCall(false), Effect.logInfo("no longer reading the catalogue on every call"))
    )
  })
)

const on = Effect.fnUntraced(function* (signal: NodeJS.Signals, effect: Effect.Effect<void>) {
  const runtime = yield* Effect.runtime()
  const listener = () => void Runtime.runFork(runtime, effect)
  yield* Effect.acquireRelease(
    Effect.sync(() => process.on(signal, listener)),
    () => Effect.sync(() => process.off(signal, listener))
  )
})
