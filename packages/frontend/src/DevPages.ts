import { FaultSwitch } from "@retro/contract/Faults"
import { RecentSpans } from "@retro/telemetry/RecentSpans"
import { Effect, Option } from "effect"
import { DevJournal } from "./DevJournal.ts"
import { DevMailbox } from "./DevMailbox.ts"
import { Site } from "./Site.ts"
import type { DevPage } from "./views/Models.ts"
import * as Paths from "./views/Paths.ts"
import type { Visit } from "./Visit.ts"

/** What a page shows to whoever develops here. */
export interface DevPages {
  /** Those that there are; none in production. */
  readonly list: ReadonlyArray<DevPage>
  /** The address of what a visit's request did; none where no traces are kept, or not this one. */
  readonly trace: (visit: Visit) => string | undefined
}

/** Finds out which pages for development there are: each comes with the service that it shows. */
export const make: Effect.Effect<DevPages, never, Site> = Effect.gen(function* () {
  const site = yield* Site
  if (site.production) return { list: [], trace: () => undefined }
  const mailbox = yield* Effect.serviceOption(DevMailbox)
  const journal = yield* Effect.serviceOption(DevJournal)
  const spans = Option.filter(yield* Effect.serviceOption(RecentSpans), ({ capacity }) => capacity > 0)
  const faults = yield* Effect.serviceOption(FaultSwitch)
  const all = [
    { label: "Dev mailbox", href: Paths.mailbox, isThere: Option.isSome(mailbox) },
    { label: "Journal", href: Paths.journal, isThere: Option.isSome(journal) },
    { label: "Traces", href: Paths.traces, isThere: Option.isSome(spans) },
    { label: "Faults", href: Paths.faults, isThere: Option.isSome(faults) }
  ]
  return {
    list: all.filter(({ isThere }) => isThere).map(({ href, label }) => ({ href, label })),
    trace: ({ traceId }) => (Option.isSome(spans) && traceId !== undefined ? Paths.trace(traceId) : undefined)
  }
})
