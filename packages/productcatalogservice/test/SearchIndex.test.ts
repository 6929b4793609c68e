import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { FastCheck } from "effect"
import * as SearchIndex from "../src/SearchIndex.ts"
import { game, idsOf } from "./products.ts"

const shop = [
  game("A", { name: "Night Ferry", description: "A calm game.", categories: ["puzzle"], platform: "Mikado Twin" }),
  game("B", {
    name: "Harbour",
    description: "The ferry leaves at night.",
    categories: ["adventure"],
    platform: "Okapi 16"
  }),
  game("C", {
    name: "Straße nach Łódź",
    description: "Señor Ångström's café",
    categories: ["text-adventure"],
    platform: "Molnár M-7"
  }),
  game("D", { name: "Twin Ferries", description: "", categories: ["puzzle", "party"], platform: "Okapi 16" }),
  game("E", {
    name: "Conductor’s Edition",
    description: "Ferry, ferry, ferry: adventure and puzzle.",
    platform: "Ferry Box"
  })
]

const find = (query: string, platform = "", category = "") =>
  idsOf(SearchIndex.search(SearchIndex.make(shop), { query, platform, category }))

describe("a search", () => {
  it("finds everything in the order of the catalogue when it asks for nothing", () => {
    deepStrictEqual(find(""), ["A", "B", "C", "D", "E"])
    deepStrictEqual(find("  \t"), ["A", "B", "C", "D", "E"])
  })

  it("finds nothing for what holds no word, or a word that is nowhere", () => {
    for (const query of ["!!!", "zzz", "ferry zzz", "erry"]) deepStrictEqual(find(query), [])
  })

  it("passes over case, accents, apostrophes and hyphens, both ways", () => {
    for (const query of [
      "strasse",
      "STRASSE",
      "straße",
      "lodz",
      "Łódź",
      "senor",
      "angstroms",
      "Ångström’s",
      "CAFÉ",
      "molnar m7 strasse".replace("m7", "m-7")
    ]) {
      deepStrictEqual(find(query), ["C"])
    }
    deepStrictEqual(find("conductor's"), ["E"])
    deepStrictEqual(find("conductors"), ["E"])
  })

  it("wants every word, each as the beginning of a word in whatever field", () => {
    deepStrictEqual(find("nig fer"), ["A", "B"])
    deepStrictEqual(find("ferr okapi"), ["D", "B"])
    deepStrictEqual(find("ferry puzzle mikado"), ["A"])
  })

  it("puts a hit in the name before one in platform or categories, and that before one in the description", () => {
    deepStrictEqual(find("ferry"), ["A", "E", "B"])
    deepStrictEqual(find("twin"), ["D", "A"])
    deepStrictEqual(find("puzzle"), ["A", "D", "E"])
  })

  it("counts the best of the words that begin alike", () => {
    const index = SearchIndex.make([
      game("A", { name: "x", platform: "Ferrous" }),
      game("B", { name: "Ferry", description: "ferryman" })
    ])
    deepStrictEqual(idsOf(SearchIndex.search(index, { query: "ferr", platform: "", category: "" })), ["B", "A"])
  })

  it("counts no word twice and keeps equals in the order of the catalogue", () => {
    deepStrictEqual(find("okapi"), ["B", "D"])
    deepStrictEqual(find("okapi OKAPI okapi"), ["B", "D"])
  })

  it("keeps to a platform and a category, by their whole names", () => {
    deepStrictEqual(find("", "okapi 16"), ["B", "D"])
    deepStrictEqual(find("", "Okapi"), [])
    deepStrictEqual(find("", "", "puzzle"), ["A", "D"])
    deepStrictEqual(find("", "", "adventure"), ["B"])
    deepStrictEqual(find("", "Okapi 16", "puzzle"), ["D"])
    deepStrictEqual(find("", "molnar m-7"), ["C"])
    deepStrictEqual(find("night", "", "puzzle"), ["A"])
  })

  it("finds what a look at every product finds", () => {
    const word = FastCheck.string({ unit: FastCheck.constantFrom("a", "b", "é"), minLength: 1, maxLength: 3 })
    const text = FastCheck.array(word, { maxLength: 3 }).map((words) => words.join(" "))
    const plain = (text: string) => text.replaceAll("é", "e").split(" ")
    FastCheck.assert(
      FastCheck.property(FastCheck.array(FastCheck.tuple(text, text), { maxLength: 6 }), text, (texts, query) => {
        const products = texts.map(([name, description], index) =>
          game(`P${index}`, { name: `${name} x`, description })
        )
        const found = SearchIndex.search(SearchIndex.make(products), { query, platform: "", category: "" })
        const expected = products.filter(({ description, name }) =>
          plain(query).every((asked) => plain(`${name} ${description}`).some((word) => word.startsWith(asked)))
        )
        deepStrictEqual(idsOf(found).sort(), idsOf(expected).sort())
      })
    )
  })

  it("costs no more for a text that repeats itself", () => {
    const { words } = SearchIndex.make([game("A", { description: "again ".repeat(300) })])
    assertTrue(words.every(([, places]) => places.length === 1))
    assertEquals(words.length, 2)
  })
})
