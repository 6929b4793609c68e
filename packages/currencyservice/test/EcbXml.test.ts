import { describe, it } from "@effect/vitest"
import { assertEquals, assertLeft, assertRight, deepStrictEqual } from "@effect/vitest/utils"
import * as Money from "@retro/domain/Money"
import { BigDecimal, Either } from "effect"
import { readFileSync } from "node:fs"
import * as EcbXml from "../src/EcbXml.ts"
import * as RateTable from "../src/RateTable.ts"
import * as Snapshot from "../src/Snapshot.ts"

const published = readFileSync(new URL("../eurofxref-daily.xml", import.meta.url), "utf8")

const refuses = (xml: string, reason: RateTable.Refusal, at = "") =>
  assertLeft(EcbXml.parse(xml), new RateTable.RatesRefused({ reason, at }))

const rate = (text: string) => published.replace("currency='JPY' rate='176.99'", `currency='JPY' rate='${text}'`)

describe("the European Central Bank's file", () => {
  it("is what the bundled snapshot says", () => {
    const table = Either.getOrThrow(EcbXml.parse(published))
    const texts = (self: typeof table) => [...self.perEuro].map(([code, rate]) => [code, BigDecimal.format(rate)])
    deepStrictEqual(texts(Snapshot.table), texts(table))
    deepStrictEqual(Snapshot.table.codes, table.codes)
    assertEquals(Snapshot.table.date, table.date)
  })

  it("is read with the rates it states", () => {
    const table = Either.getOrThrow(EcbXml.parse(published))
    assertEquals(table.date, "2026-10-02")
    const text = (code: "EUR" | "USD" | "IDR") => BigDecimal.format(table.perEuro.get(code) ?? BigDecimal.make(0n, 0))
    deepStrictEqual([text("EUR"), text("USD"), text("IDR")], ["1", "1.1225", "20149.32"])
  })

  it("is read so that round rates convert as well", () => {
    const table = Either.getOrThrow(EcbXml.parse(rate("1500")))
    const quotes = Either.getOrThrow(RateTable.quotes(table, "JPY", "EUR"))
    assertRight(Money.exchange(Money.zero("JPY"), "EUR", quotes), Money.zero("EUR"))
    const yen = Either.getOrThrow(Money.make("JPY", 3000n, 0))
    assertRight(Money.exchange(yen, "EUR", quotes), Either.getOrThrow(Money.make("EUR", 2n, 0)))
  })

  it("is refused when it is no XML or cut off anywhere", () => {
    for (const text of ["", "garbage", "{}", "1,2,3"]) refuses(text, "not-xml")
    for (let length = 0; length < published.trimEnd().length; length += 7) {
      assertEquals(Either.isLeft(EcbXml.parse(published.slice(0, length))), true)
    }
  })

  it("is refused when it is another document", () => {
    refuses("<html><body>moved</body></html>", "not-the-format", "Envelope")
    refuses(published.replaceAll("time=", "day="), "not-the-format", "Envelope.Cube.Cube.time")
    refuses(published.replace("2026-10-02", "2026-02-30"), "not-the-format", "Envelope.Cube.Cube.time")
    refuses(published.replace(/<Cube currency.*\/>/g, ""), "not-the-format", "Envelope.Cube.Cube.Cube")
  })

  it("is refused for a rate that is no positive decimal, naming the field and not the value", () => {
    for (const text of ["0", "0.0000", "-176.99", "1e3", "N/A", "", "0x10", "1,5", "Infinity", "9".repeat(40)]) {
      refuses(rate(text), "not-the-format", "Envelope.Cube.Cube.Cube.1.rate")
    }
  })

  it("is refused for a currency that is quoted twice, the euro among them", () => {
    refuses(published.replace("currency='GBP'", "currency='CZK'"), "duplicate", "CZK")
    refuses(published.replace("currency='GBP'", "currency='EUR'"), "duplicate", "EUR")
  })

  it("is refused without the currency of the prices", () =>
    refuses(published.replace(/<Cube currency='USD'.*\/>/, ""), "no-us-dollar", "USD"))

  it("loses only the currencies that ISO 4217 does not list", () => {
    const table = EcbXml.parse(published.replace("currency='GBP'", "currency='XQQ'"))
    assertRight(
      Either.map(table, ({ codes }) => codes),
      Snapshot.table.codes.filter((code) => code !== "GBP")
    )
  })

  it("is not expanded: entities stay text and are refused", () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "1"><!ENTITY b "&a;&a;&a;">]>`
    const xml = rate("&b;").replace("<gesmes:Envelope", `${bomb}<gesmes:Envelope`)
    refuses(xml, "not-the-format", "Envelope.Cube.Cube.Cube.1.rate")
  })
})
