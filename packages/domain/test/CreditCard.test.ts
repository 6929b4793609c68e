import { describe, it } from "@effect/vitest"
import { assertFalse, assertTrue, deepStrictEqual, strictEqual } from "@effect/vitest/utils"
import { FastCheck, Redacted, Schema } from "effect"
import { inspect } from "node:util"
import * as CreditCard from "../src/CreditCard.ts"

const secret = (text: string) => Redacted.make(text)

const card = (changes: Partial<{ number: string; securityCode: string; year: number; month: number }> = {}) =>
  new CreditCard.CreditCard({
    number: secret(changes.number ?? "4432801561520454"),
    securityCode: secret(changes.securityCode ?? "672"),
    expirationYear: changes.year ?? 2039,
    expirationMonth: changes.month ?? 1
  })

/** A number with the check digit of Luhn, worked out as the standard words it: double every second digit from the right. */
const withCheckDigit = (body: ReadonlyArray<number>) => {
  const sum = [...body]
    .reverse()
    .flatMap((digit, index) => (index % 2 === 0 ? Array.from(String(digit * 2), Number) : [digit]))
    .reduce((total, digit) => total + digit, 0)
  return [...body, (10 - (sum % 10)) % 10].join("")
}

const number = FastCheck.array(FastCheck.nat(9), { minLength: 12, maxLength: 18 })
  .filter((body) => body.some((digit) => digit > 0))
  .map(withCheckDigit)

describe("a card number", () => {
  it.prop("is 13 to 19 digits with the check digit of Luhn", [number], ([text]) =>
    assertTrue(CreditCard.isNumber(secret(text)))
  )

  it.prop(
    "with one digit wrong is none",
    [number, FastCheck.nat(), FastCheck.integer({ min: 1, max: 9 })],
    ([text, at, by]) => {
      const index = at % text.length
      const wrong = (Number(text[index]) + by) % 10
      assertFalse(CreditCard.isNumber(secret(text.slice(0, index) + wrong + text.slice(index + 1))))
    }
  )

  it.each([
    ["D12: letters", "4432O01561520454"],
    ["D12: letters only", "abcdefghijklmnop"],
    ["D12: all zeros", "0000000000000000"],
    ["D12: a sign", "-4432801561520454"],
    ["twelve digits", "443280156154"],
    ["twenty digits", withCheckDigit(Array.from({ length: 19 }, () => 4))],
    ["digits of another script", "٤٤٣٢٨٠١٥٦١٥٢٠٤٥٤"],
    ["a line break behind it", "4432801561520454\n"],
    ["nothing", ""]
  ])("is not %s", (_what, text) => assertFalse(CreditCard.isNumber(secret(text))))

  it("may be typed with spaces and hyphens", () =>
    assertTrue(CreditCard.isNumber(CreditCard.digits(card({ number: " 4432-8015 6152-0454 " })))))

  it.each([
    ["4432801561520454", "visa"],
    ["5100000000000000", "mastercard"],
    ["5599999999999999", "mastercard"],
    ["5600000000000000", undefined],
    ["2220990000000000", undefined],
    ["2221000000000000", "mastercard"],
    ["2720990000000000", "mastercard"],
    ["2721000000000000", undefined],
    ["340000000000000", "amex"],
    ["370000000000000", "amex"],
    ["350000000000000", undefined],
    ["3528000000000000", "jcb"],
    ["3589000000000000", "jcb"],
    ["6011000000000000", "discover"],
    ["6440000000000000", "discover"],
    ["6430000000000000", undefined],
    ["6500000000000000", "discover"],
    ["30500000000000", "diners"],
    ["30600000000000", undefined],
    ["36000000000000", "diners"],
    ["9999999999999999", undefined],
    ["", undefined]
  ])("%s is of brand %s", (text, brand) => strictEqual(CreditCard.brand(secret(text)), brand))

  it("shows its last four digits and no more", () =>
    strictEqual(CreditCard.lastFour(secret("4432801561520454")), "0454"))
})

describe("a security code", () => {
  it.each([
    ["672", "visa", true],
    ["0672", "visa", true],
    ["012", "visa", true],
    ["000", "visa", true],
    ["67", "visa", false],
    ["67200", "visa", false],
    ["672", "amex", false],
    ["0672", "amex", true],
    ["67200", "amex", false],
    ["672", undefined, true],
    ["-67", "visa", false],
    ["-672", "visa", false],
    ["6a2", "visa", false],
    ["672\n", "visa", false],
    [" 672", "visa", false],
    ["", "visa", false]
  ] as const)("D12: %j on a card of brand %s: %s", (code, brand, expected) =>
    strictEqual(CreditCard.isSecurityCode(secret(code), brand), expected)
  )
})

describe("a card", () => {
  it.each([
    [2030, 6, 2030, 5, false],
    [2030, 6, 2030, 6, false],
    [2030, 6, 2030, 7, true],
    [2030, 12, 2031, 1, true],
    [2030, 1, 2029, 12, false],
    [2031, 1, 2030, 12, false],
    [26, 6, 2026, 6, true]
  ])("printed %i-%i is expired in %i-%i: %s", (year, month, nowYear, nowMonth, expected) =>
    strictEqual(CreditCard.isExpired(card({ year, month }), nowYear, nowMonth), expected)
  )

  it("D15: never prints its number or code", () => {
    const printed = [String(card()), JSON.stringify(card()), inspect(card(), { depth: 9 }), card().toString()].join(
      "\n"
    )
    assertFalse(/4432801561520454|672/.test(printed))
  })
})

describe("a card in a message", () => {
  const decode = Schema.decodeUnknownSync(CreditCard.CreditCardFromWire)
  const message = {
    creditCardNumber: "4432801561520454",
    creditCardCvv: 0,
    creditCardExpirationYear: 2039,
    creditCardExpirationMonth: 1,
    securityCode: ""
  }
  const code = (changes: Partial<typeof message>) => Redacted.value(decode({ ...message, ...changes }).securityCode)

  it("D12: keeps the leading zeros of its code", () => {
    strictEqual(code({ securityCode: "012" }), "012")
    strictEqual(
      Schema.encodeSync(CreditCard.CreditCardFromWire)(decode({ ...message, securityCode: "012" })).securityCode,
      "012"
    )
  })

  it("D12: gets the zeros back that an old client's integer lost", () => {
    strictEqual(code({ creditCardCvv: 672 }), "672")
    strictEqual(code({ creditCardCvv: 12 }), "012")
    strictEqual(code({ creditCardCvv: 1234 }), "1234")
    strictEqual(code({ creditCardCvv: 12, creditCardNumber: "3400 0000 0000 009" }), "0012")
  })

  it("prefers the text where there are both", () =>
    strictEqual(code({ securityCode: "012", creditCardCvv: 999 }), "012"))

  it("D12: has no code where there is neither, and a refused one where the integer is negative", () => {
    strictEqual(code({}), "")
    assertFalse(CreditCard.isSecurityCode(secret(code({ creditCardCvv: -672 })), "visa"))
  })

  it.prop("comes back", [CreditCard.CreditCard], ([value]) => {
    const encoded = Schema.encodeSync(CreditCard.CreditCardFromWire)(value)
    deepStrictEqual(Schema.encodeSync(CreditCard.CreditCardFromWire)(decode(encoded)), encoded)
  })
})
