// Orders with their journals in memory.
import * as JournalStoreMemory from "@retro/checkoutservice/JournalStoreMemory"
import * as Ordering from "../Ordering.ts"

Ordering.answerWith(() => JournalStoreMemory.layerMemory)
