import * as Country from "@retro/domain/Country"
import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue } from "@effect/vitest/utils"
import { FastCheck, Option } from "effect"

describe("Country", () => {
  it("reads every country back from its code and its name, in any case", () => {
    assertEquals(Country.all().length, 249)
    for (const { code, name } of Country.all()) {
      assertEquals(Country.name(code), name)
      for (const text of [code, code.toLowerCase(), name, name.toUpperCase(), ` ${name} `]) {
        assertEquals(Country.parse(text), Option.some(code))
      }
    }
  })

  it("knows what else people write", () => {
    const read = (text: string) => Option.getOrElse(Country.parse(text), () => "none")
    for (const text of ["USA", "U.S.A.", "United States of America", "the United States"])
      assertEquals(read(text), "US")
    for (const text of ["UK", "England", "Great Britain"]) assertEquals(read(text), "GB")
    assertEquals(read("Cote d'Ivoire"), "CI")
    assertEquals(read("Ivory Coast"), "CI")
    assertEquals(read("Turkey"), "TR")
    assertEquals(read("Czech Republic"), "CZ")
    assertEquals(read("Hong Kong"), "HK")
    assertEquals(read("Saint Lucia"), "LC")
    assertEquals(read("Bosnia and Herzegovina"), "BA")
  })

  it("reads no country from what is none", () => {
    for (const text of ["", "  ", "XX", "Atlantis", "日本", "1", "constructor"]) {
      assertTrue(Option.isNone(Country.parse(text)))
    }
    FastCheck.assert(
      FastCheck.property(FastCheck.string({ maxLength: 1 }), (text) => assertTrue(Option.isNone(Country.parse(text))))
    )
  })

  it("lists names in alphabetical order", () => {
    const names = Country.all().map(({ name }) => name)
    assertEquals(names.join(), [...names].sort((a, b) => a.localeCompare(b, "en")).join())
  })
})
