import { Context, Effect } from "effect"

/**
 * Whether a process can do its work right now: its own store answers. Never about other services, since one dead service
 * must not take its callers away with it. True where nobody says otherwise.
 */
export class Readiness extends Context.Reference<Readiness>()("@retro/grpc/Readiness", {
  defaultValue: (): Effect.Effect<boolean> => Effect.succeed(true)
}) {}
