import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import type { CurrencyCode } from "@retro/domain/Currency"
import * as Money from "@retro/domain/Money"
import { Effect, Either } from "effect"
import { UnsupportedCurrency } from "../src/CurrencyService.ts"
import * as Prices from "../src/Prices.ts"

const usd = (text: string) => Either.getOrThrow(Money.fromDecimal("USD", text))

/** Answers twice the number in any currency but GBP, and remembers what it was asked. */
const makeConverter = () => {
  const asked: Array<ReadonlyArray<string>> = []
  const converter: Prices.Converter = {
    convertBatch: ({ from, toCode }) => {
      asked.push([toCode, ...from.map(Money.toDecimal)])
      return toCode === "GBP"
        ? new UnsupportedCurrency({ code: toCode })
        : Effect.succeed({
            ratesDate: "",
            converted: from.map((price) =>
              Either.getOrThrow(Money.fromNanos<CurrencyCode>(toCode, Money.toNanos(price) * 2n))
            )
          })
    }
  }
  return { asked, converter }
}

describe("prices in a shopper's currency", () => {
  it.effect("D23: what the parts of a page ask for at the same time goes out as one call", () =>
    Effect.gen(function* () {
      const { asked, converter } = makeConverter()
      const one = (text: string) => Prices.convert(converter, "EUR", usd(text))
      const [game, [also, other]] = yield* Effect.all(
        [one("1.00"), Effect.all([one("2.00"), one("3.00")], { batching: true })],
        {
          batching: true,
          concurrency: "unbounded"
        }
      )
      deepStrictEqual(
        [game, also, other].map((price) => Money.format(price)),
        ["€2.00", "€4.00", "€6.00"]
      )
      deepStrictEqual(asked, [["EUR", "1.00", "2.00", "3.00"]])
    })
  )

  it.effect("a list is one call, in its order, and an amount that comes twice is asked for once", () =>
    Effect.gen(function* () {
      const { asked, converter } = makeConverter()
      const prices = yield* Prices.inCurrency(converter, "EUR", [usd("3.00"), usd("1.00"), usd("3.00")])
      deepStrictEqual(
        prices.map((price) => Money.format(price)),
        ["€6.00", "€2.00", "€6.00"]
      )
      deepStrictEqual(asked, [["EUR", "3.00", "1.00"]])
    })
  )

  it.effect("D23: dollars for dollars ask nobody", () =>
    Effect.gen(function* () {
      const { asked, converter } = makeConverter()
      assertEquals((yield* Prices.inCurrency(converter, "USD", [usd("1.00")]))[0], usd("1.00"))
      deepStrictEqual(asked, [])
    })
  )

  it.effect("a refusal reaches everyone who asked", () =>
    Effect.gen(function* () {
      const { converter } = makeConverter()
      const error = yield* Effect.flip(Prices.inCurrency(converter, "GBP", [usd("1.00"), usd("2.00")]))
      assertTrue(error instanceof UnsupportedCurrency)
    })
  )
})
