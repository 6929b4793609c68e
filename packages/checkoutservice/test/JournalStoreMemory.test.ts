import { TestClock } from "effect"
import { terms } from "../src/JournalStore.ts"
import { layerMemory } from "../src/JournalStoreMemory.ts"
import { journalStoreSuite } from "./JournalStoreSuite.ts"

journalStoreSuite("in memory", layerMemory, terms, TestClock.adjust)
