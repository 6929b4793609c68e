import * as CallContext from "@retro/contract/CallContext"
import * as Baggage from "@retro/telemetry/Baggage"
import { Context, Duration } from "effect"
import * as Degradation from "./Degradation.ts"
import { headerOf, type Request } from "./Request.ts"

/** How long all calls for a request may take together, in milliseconds; each hop passes on what is left of it. */
const budget = Duration.toMillis("5 seconds")

/**
 * What a request is answered in: the context of its calls and the notes of its page. A fiber that begins with both costs a
 * fraction of one that enters them. `now` is in milliseconds of the Unix epoch.
 */
export const of = (request: Request, now: number): Context.Context<never> =>
  Context.make(CallContext.Current, {
    deadline: now + budget,
    baggage: Baggage.accepted(headerOf(request, "baggage"))
  }).pipe(Context.add(Degradation.Current, new Map()))
