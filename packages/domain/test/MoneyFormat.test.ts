import { describe, it } from "@effect/vitest"
import { strictEqual } from "@effect/vitest/utils"
import { minorUnitDigits } from "../src/Currency.ts"
import * as Money from "../src/Money.ts"
import { int64, money, payable } from "./amounts.ts"

/** Intl separates with spaces that do not break; for reading, any space will do. */
const shown = (amount: Money.Money, locale?: string) => Money.format(amount, locale).replace(/\s/gu, " ")

describe("an amount as people write it", () => {
  it.each([
    ["D11: yen have no cents", money("JPY", 2235n), "¥2,235"],
    ["won neither", money("KRW", 27_000n), "₩27,000"],
    ["D11: less than nothing", money("USD", -5n, -50_000_000), "-$5.05"],
    ["D11: less than nothing by cents only", money("USD", 0n, -50_000_000), "-$0.05"],
    ["D11: less than nothing in yen", money("JPY", -5n), "-¥5"],
    ["dinars have thousandths", money("BHD", 1n, 5_000_000), "BHD 1.005"],
    ["and so in Iraq, where Intl by itself has none", money("IQD", 1n, 5_000_000), "IQD 1.005"],
    ["pounds", money("GBP", 14n, 990_000_000), "£14.99"],
    ["lira", money("TRY", 700n, 100_000_000), "TRY 700.10"],
    ["nothing", Money.zero("USD"), "$0.00"],
    ["the most there is", money("USD", int64.max, 990_000_000), "$9,223,372,036,854,775,807.99"],
    ["the least there is", money("USD", int64.min, -990_000_000), "-$9,223,372,036,854,775,808.99"],
    ["rounded to the cent, half to even", money("USD", 0n, 125_000_000), "$0.12"],
    ["rounded to nothing without a sign", money("USD", 0n, -1), "$0.00"]
  ])("%s", (_what, amount, expected) => strictEqual(shown(amount), expected))

  it.each([
    ["de-DE", money("EUR", 1234n, 560_000_000), "1.234,56 €"],
    ["fr-FR", money("EUR", 1234n, 560_000_000), "1 234,56 €"],
    ["ja-JP", money("JPY", 2235n), "￥2,235"],
    ["de-DE", money("USD", -5n, -50_000_000), "-5,05 $"],
    ["en-CA", money("CAD", 26n, 990_000_000), "$26.99"],
    ["tr-TR", money("TRY", 700n, 100_000_000), "₺700,10"]
  ])("in %s", (locale, amount, expected) => strictEqual(shown(amount, locale), expected))

  it.prop("shows every digit of what can be paid, and no more", [payable], ([amount]) => {
    const digits = minorUnitDigits(amount.currencyCode)
    const text = (/\d[\d,.]*/.exec(shown(amount))?.[0] ?? "").replaceAll(",", "")
    const total = Money.toNanos(amount)
    strictEqual(text.split(".")[1]?.length ?? 0, digits)
    strictEqual(BigInt(text.replace(".", "")) * 10n ** BigInt(9 - digits), total < 0n ? -total : total)
  })
})
