import { describe, it } from "@effect/vitest"
import { assertTrue } from "@effect/vitest/utils"
import * as Dice from "../simulation/Dice.ts"
import * as Trend from "../soak/Trend.ts"

/** Ten minutes of a process of about 100 MB that breathes by ten, and grows by that many a minute. */
const breathing = (growth: number) => {
  const dice = Dice.make(1, "breath")
  return Array.from({ length: 300 }, (_, index) => 100 + 10 * dice.share() + (growth * index) / 30)
}

describe("the trend of a soak run", () => {
  it("is the slope, within its error", () => {
    for (const growth of [-1, 0, 0.5, 3]) {
      const { error, slope } = Trend.of(breathing(growth), 30)
      assertTrue(Math.abs(slope - growth) <= error && error < 0.5)
    }
  })

  it("tells a leak from breathing", () => {
    assertTrue(Trend.isFlat(Trend.of(breathing(0), 30), 0.25))
    assertTrue(!Trend.isFlat(Trend.of(breathing(1), 30), 0.25))
  })
})
