// Orders with journals as they must not be: every step writes down all that the latest ones hold.
import { JournalStore } from "@retro/checkoutservice/JournalStore"
import * as JournalStoreMemory from "@retro/checkoutservice/JournalStoreMemory"
import { Effect, Layer } from "effect"
import * as Ordering from "../../Ordering.ts"

const wasteful = Layer.effect(
  JournalStore,
  Effect.map(JournalStore, (store) => ({
    ...store,
    write: (id, owner, step, text) =>
      Effect.zipRight(
        Effect.map(store.latest, (entries) =>
          JSON.stringify(entries.map(({ steps, ...entry }) => [entry, [...steps]]))
        ),
        store.write(id, owner, step, text)
      )
  }))
)

Ordering.answerWith(() => Layer.provide(wasteful, JournalStoreMemory.layerMemory))
