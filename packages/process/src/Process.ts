import * as RecentSpans from "@retro/telemetry/RecentSpans"
import { Cause, Context, Effect, Exit, FiberId, Layer, Predicate, Runtime, RuntimeFlags } from "effect"
import * as Environment from "./Environment.ts"
import * as Logging from "./Logging.ts"
import * as Roots from "./Roots.ts"
import * as Signals from "./Signals.ts"
import * as StartFailure from "./StartFailure.ts"
import * as Telemetry from "./Telemetry.ts"
import type { Tier } from "./Tiers.ts"

/**
 * Runs a layer as this process: configuration from its environment, logs on standard output. SIGTERM and SIGINT close its
 * scope, which drains what it serves, and exit with 0; a second signal exits at once.
 *
 * `name` is what the logs call it where that is not the tier: the shop in one process has the website's environment. So
 * many of its last spans are kept in memory as `recentSpans` says, for the layer to show.
 *
 * What keeps it from starting is one line on standard error: exit code 78 for a wrong configuration, 1 for anything else.
 */
export const launch =
  (tier: Tier, name: string = tier, recentSpans = 0) =>
  <A, E>(layer: Layer.Layer<A, E, RecentSpans.RecentSpans>): void => {
    const surroundings = Telemetry.layer(tier).pipe(
      Layer.provideMerge(RecentSpans.layer(recentSpans)),
      Layer.provideMerge(Logging.layer(name)),
      Layer.provideMerge(Environment.layer(tier))
    )
    Roots.forget()
    const fiber = Runtime.runFork(uncounted)(Effect.provide(serve(layer), surroundings))
    Signals.onStop(() => fiber.unsafeInterruptAsFork(FiberId.none))
    fiber.addObserver((exit) => process.exit(report(name, exit)))
  }

/** Effect counts and times every fiber unless told not to; a call has several, and nobody asks how many there are. */
const uncounted = Runtime.disableRuntimeFlag(Runtime.defaultRuntime, RuntimeFlags.RuntimeMetrics)

const serve = <A, E, R>(layer: Layer.Layer<A, E, R>) =>
  Layer.build(layer).pipe(
    Effect.flatMap((built) => Effect.logInfo("serving", portOf(built))),
    Effect.zipRight(Effect.onInterrupt(Effect.never, () => Effect.logInfo("stopping"))),
    Effect.scoped
  )

/** The port of what was built, where it has one: known only now where `PORT` was 0. */
const portOf = (built: Context.Context<never>): { readonly port?: number } => {
  for (const service of built.unsafeMap.values()) {
    if (Predicate.hasProperty(service, "port") && Predicate.isNumber(service.port)) return { port: service.port }
  }
  return {}
}

const report = (name: string, exit: Exit.Exit<unknown, unknown>): number => {
  if (Exit.isSuccess(exit) || Cause.isInterruptedOnly(exit.cause)) return 0
  const { exitCode, text } = StartFailure.make(exit.cause)
  process.stderr.write(`${name} cannot run: ${text}\n`)
  return exitCode
}
