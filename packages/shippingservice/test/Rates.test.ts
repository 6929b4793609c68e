import * as Country from "@retro/domain/Country"
import * as Money from "@retro/domain/Money"
import * as Rates from "../src/Rates.ts"
import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { Either, FastCheck, Option } from "effect"

const zones: ReadonlyArray<Rates.Zone> = ["home", "north-america", "europe", "world"]
const nanos = (zone: Rates.Zone, games: number) => Money.toNanos(Either.getOrThrow(Rates.quote(zone, games)))

describe("Rates", () => {
  it("D10: are whole cents, never fall with the number of games, and never fall with distance", () =>
    FastCheck.assert(
      FastCheck.property(FastCheck.integer({ min: 1, max: 4950 }), (games) => {
        zones.forEach((zone, index) => {
          const cost = Either.getOrThrow(Rates.quote(zone, games))
          assertTrue(Money.isPayable(cost))
          assertTrue(Money.toNanos(cost) > 0n)
          assertTrue(nanos(zone, games + 1) >= nanos(zone, games))
          const nearer = zones[index - 1]
          if (nearer !== undefined) assertTrue(nanos(zone, games) > nanos(nearer, games))
        })
      })
    ))

  it("D10: are the exact table, at every step of it", () =>
    FastCheck.assert(
      FastCheck.property(FastCheck.integer({ min: 1, max: 990 }), (bundles) => {
        const table = {
          home: [899, 450],
          "north-america": [1399, 675],
          europe: [1899, 895],
          world: [2499, 1195]
        } as const
        for (const zone of zones) {
          const [first, further] = table[zone]
          const cents = BigInt(first + further * (bundles - 1))
          assertEquals(nanos(zone, bundles * Rates.bundle), cents * 10_000_000n)
          assertEquals(nanos(zone, bundles * Rates.bundle - 4), cents * 10_000_000n)
        }
      })
    ))

  it("know a zone for every country but six", () => {
    const notServed = Country.all()
      .filter(({ code }) => Option.isNone(Rates.zone(code)))
      .map(({ code }) => code)
    deepStrictEqual([...notServed].sort(), ["AQ", "BV", "GS", "HM", "TF", "UM"])
    assertEquals(Rates.zone("US"), Option.some("home"))
    assertEquals(Rates.zone("CA"), Option.some("north-america"))
    assertEquals(Rates.zone("TR"), Option.some("europe"))
    assertEquals(Rates.zone("AU"), Option.some("world"))
  })
})
