// Orders with journals as they must not be: see Wasteful.ts.
import * as JournalStoreMemory from "@retro/checkoutservice/JournalStoreMemory"
import { Layer } from "effect"
import * as Ordering from "../../Ordering.ts"
import { wasteful } from "./Wasteful.ts"

Ordering.answerWith(() => Layer.provide(wasteful, JournalStoreMemory.layerMemory))
