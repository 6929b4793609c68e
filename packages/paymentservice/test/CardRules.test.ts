import {
  CardExpired,
  type CardRefused,
  InvalidCardNumber,
  InvalidCvv,
  InvalidExpirationMonth,
  TestCardRefused,
  UnacceptedBrand
} from "@retro/contract/PaymentService"
import { CreditCardFromWire, isNumber } from "@retro/domain/CreditCard"
import { check } from "../src/CardRules.ts"
import { describe, it } from "@effect/vitest"
import { assertEquals, assertFalse, assertTrue } from "@effect/vitest/utils"
import { Effect, Either, FastCheck, Redacted, Schema, TestClock } from "effect"
import { card } from "./Cards.ts"

type Typed = Parameters<typeof card>[0]
const verdict = (typed: Typed) => Effect.either(check(card(typed)))
const refuses = (error: CardRefused, ...cards: ReadonlyArray<Typed>) =>
  Effect.gen(function* () {
    for (const typed of cards) assertEquals(yield* verdict(typed), Either.left(error))
  })

/** A number with a right check digit. */
const luhn = (digits: string) => {
  for (let check = 0; check < 10; check++) if (isNumber(Redacted.make(`${digits}${check}`))) return `${digits}${check}`
  return digits
}

describe("CardRules", () => {
  it.effect("takes Visa, Mastercard and American Express", () =>
    Effect.gen(function* () {
      const brandOf = (typed: Typed) => Effect.map(check(card(typed)), ({ brand }) => brand)
      assertEquals(yield* brandOf({ number: "4432801561520454" }), "visa")
      assertEquals(yield* brandOf({ number: "5522801561520502" }), "mastercard")
      assertEquals(yield* brandOf({ number: luhn("222102345678901") }), "mastercard")
      assertEquals(yield* brandOf({ number: luhn("37028015615205"), code: "1234" }), "amex")
    })
  )

  it.effect("D12: refuses months outside the year", () =>
    refuses(new InvalidExpirationMonth(), { month: 0 }, { month: 13 }, { month: -1 })
  )

  it.effect("takes a card until the end of its month in UTC, and not after", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.UTC(2026, 10, 30, 23, 59, 59, 999))
      assertTrue(Either.isRight(yield* verdict({ year: 2026, month: 11 })))
      yield* refuses(new CardExpired(), { year: 2026, month: 10 }, { year: 2025, month: 12 }, { year: 0, month: 12 })
      yield* TestClock.adjust(1)
      yield* refuses(new CardExpired(), { year: 2026, month: 11 })
    })
  )

  it.effect("D12: refuses codes that are not three or four digits, four for American Express", () =>
    refuses(
      new InvalidCvv(),
      { code: "" },
      { code: "12" },
      { code: "-12" },
      { code: "12a" },
      { code: "12345" },
      { code: "١٢٣" },
      { number: luhn("37028015615205"), code: "123" }
    )
  )

  it.effect("D12: keeps the leading zeros of a code, also of an old client's number", () =>
    Effect.gen(function* () {
      const old = (creditCardCvv: number, creditCardNumber = "4432801561520454") =>
        Schema.decodeSync(CreditCardFromWire)({
          creditCardNumber,
          creditCardCvv,
          creditCardExpirationYear: 2039,
          creditCardExpirationMonth: 1,
          securityCode: ""
        })
      assertEquals(Redacted.value(old(7).securityCode), "007")
      assertEquals(Redacted.value(old(7, "3702 801561 52050").securityCode), "0007")
      assertTrue(Either.isRight(yield* Effect.either(check(old(7)))))
      for (const cvv of [0, -1, -12, 12345]) {
        assertEquals(yield* Effect.either(check(old(cvv))), Either.left(new InvalidCvv()))
      }
      assertTrue(Either.isRight(yield* verdict({ code: "000" })))
    })
  )

  it.effect("refuses numbers that every payment guide prints", () =>
    refuses(
      new TestCardRefused(),
      { number: "4111111111111111" },
      { number: "4242 4242 4242 4242" },
      { number: "5555-5555-5555-4444" },
      { number: "378282246310005", code: "1234" },
      { number: "6011111111111117" }
    )
  )

  it.effect("D12: refuses letters, all zeros, wrong lengths and wrong check digits", () =>
    refuses(
      new InvalidCardNumber(),
      { number: "" },
      { number: "4432801561520455" },
      { number: "4432801561520a54" },
      { number: "abcdefghijklm" },
      { number: "0000000000000000" },
      { number: luhn("44328015615") },
      { number: luhn("4432801561520454000") },
      { number: "4432.8015.6152.0454" }
    )
  )

  it.effect("refuses brands without a contract", () =>
    Effect.gen(function* () {
      yield* refuses(new UnacceptedBrand({ brand: "discover" }), { number: luhn("601102345678901") })
      yield* refuses(new UnacceptedBrand({ brand: "unknown" }), { number: luhn("902102345678901") })
    })
  )

  it.effect("names the first rule that is broken: month, expiry, code, test number, number, brand", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.UTC(2030, 0))
      const bad = { month: 0, year: 2000, code: "", number: "x" }
      yield* refuses(new InvalidExpirationMonth(), bad)
      yield* refuses(new CardExpired(), { ...bad, month: 1 })
      yield* refuses(new InvalidCvv(), { ...bad, month: 1, year: 2039 })
      yield* refuses(new InvalidCvv(), { code: "", number: "4111111111111111" })
      yield* refuses(new InvalidCardNumber(), { number: "6011023456789012345678" })
    })
  )

  it("any single wrong digit and any swap of unlike neighbours but 09 fails the check digit", () =>
    FastCheck.assert(
      FastCheck.property(
        FastCheck.stringMatching(/^[1-9][0-9]{11,17}$/).map(luhn),
        FastCheck.nat(),
        FastCheck.integer({ min: 1, max: 9 }),
        (number, at, by) => {
          const index = at % number.length
          const wrong = (Number(number[index]) + by) % 10
          assertTrue(isNumber(Redacted.make(number)))
          assertFalse(isNumber(Redacted.make(`${number.slice(0, index)}${wrong}${number.slice(index + 1)}`)))
          const [a, b] = [number[index], number[index + 1]]
          if (b === undefined || a === b || ["09", "90"].includes(`${a}${b}`)) return
          assertFalse(isNumber(Redacted.make(`${number.slice(0, index)}${b}${a}${number.slice(index + 2)}`)))
        }
      )
    ))
})
