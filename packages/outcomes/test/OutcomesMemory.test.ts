import { TestClock } from "effect"
import { layerMemory } from "../src/OutcomesMemory.ts"
import { outcomesSuite } from "./OutcomesSuite.ts"

outcomesSuite("in memory", layerMemory, TestClock.adjust)
