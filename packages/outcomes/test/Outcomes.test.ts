import { layerMemory } from "../src/Outcomes.ts"
import { TestClock } from "effect"
import { outcomesSuite } from "./OutcomesSuite.ts"

outcomesSuite("in memory", layerMemory, TestClock.adjust)
