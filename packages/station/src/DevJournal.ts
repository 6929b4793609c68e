import { JournalStore } from "@retro/checkoutservice/JournalStore"
import * as JournalView from "@retro/checkoutservice/JournalView"
import * as Frontend from "@retro/frontend/DevJournal"
import { Effect, Layer } from "effect"

/** The website's dev journal, read from the journals that checkout writes here. */
export const layer = Layer.effect(
  Frontend.DevJournal,
  Effect.map(JournalStore, ({ latest, parked, unpark }) => ({
    list: Effect.zipWith(parked, latest, (waiting, latest) => {
      const ids = new Set(latest.map(({ id }) => id))
      return [...latest, ...waiting.filter(({ id }) => !ids.has(id))].map(JournalView.of)
    }).pipe(Effect.orDie), // A store in memory always answers; another one makes this an error page.
    retry: (id) => Effect.asVoid(Effect.orDie(unpark(id)))
  }))
)
