// Orders without a journal.
import * as JournalStoreMemory from "@retro/checkoutservice/JournalStoreMemory"
import * as Ordering from "../Ordering.ts"

Ordering.answerWith(() => JournalStoreMemory.layerMemory, Ordering.withoutJournal)
