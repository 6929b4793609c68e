import { JournalStore } from "@retro/checkoutservice/JournalStore"
import { Effect, Layer } from "effect"

/** Journals as they must not be: every step writes down all that the latest ones hold. */
export const wasteful = Layer.effect(
  JournalStore,
  Effect.map(JournalStore, (store) => ({
    ...store,
    write: (id, owner, texts) =>
      Effect.zipRight(
        Effect.map(store.latest, (entries) =>
          JSON.stringify(entries.map(({ steps, ...entry }) => [entry, [...steps]]))
        ),
        store.write(id, owner, texts)
      )
  }))
)
