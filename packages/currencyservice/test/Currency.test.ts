import { describe, it } from "@effect/vitest"
import { assertEquals, assertLeft, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { AmountTooLarge, CurrencyService, UnsupportedCurrency } from "@retro/contract/CurrencyService"
import { type CurrencyCode, minorUnitDigits } from "@retro/domain/Currency"
import * as Money from "@retro/domain/Money"
import * as Loopback from "@retro/grpc/Loopback"
import { BigDecimal, Effect, Either, FastCheck, Layer } from "effect"
import * as Currency from "../src/Currency.ts"
import * as Rates from "../src/Rates.ts"
import * as Snapshot from "../src/Snapshot.ts"

const money = (code: CurrencyCode, units: bigint, nanos = 0) => Either.getOrThrow(Money.make(code, units, nanos))

/** A rate as a fraction, read from its decimal text: no code shared with the program. */
const fraction = (code: CurrencyCode): readonly [bigint, bigint] => {
  const text = BigDecimal.format(Snapshot.table.perEuro.get(code) ?? BigDecimal.make(0n, 0))
  const [whole = "", decimals = ""] = text.split(".")
  return [BigInt(whole + decimals), 10n ** BigInt(decimals.length)]
}

/** nanos × (to ÷ from), to the nearest multiple of `step`, ties to the even multiple, by comparing both neighbours. */
const expected = (nanos: bigint, from: CurrencyCode, to: CurrencyCode, step: bigint): bigint => {
  const [fromUp, fromDown] = fraction(from)
  const [toUp, toDown] = fraction(to)
  const [up, down] = [nanos * toUp * fromDown, toDown * fromUp * step]
  const floor = up >= 0n ? up / down : -((-up + down - 1n) / down)
  const [below, above] = [up - floor * down, (floor + 1n) * down - up]
  const nearest = below < above || (below === above && floor % 2n === 0n) ? floor : floor + 1n
  return nearest * step
}

const codes = FastCheck.constantFrom(...Snapshot.table.codes)
const nanos = FastCheck.bigInt({ min: -(10n ** 21n), max: 10n ** 21n })
const amount = FastCheck.tuple(codes, nanos).map(([code, nanos]) => Either.getOrThrow(Money.fromNanos(code, nanos)))

const program = Layer.provide(Currency.layer, Rates.layerFixed(Snapshot.table))

const wirings: Record<string, Layer.Layer<CurrencyService, unknown>> = {
  direct: program,
  "over gRPC": Loopback.layer(CurrencyService, program)
}

for (const [name, layer] of Object.entries(wirings)) {
  describe(`currencyservice, ${name}`, () => {
    it.layer(layer)((it) => {
      it.effect("D1: 19.99 dollars never become 0.99 of anything", () =>
        Effect.gen(function* () {
          const service = yield* CurrencyService
          const price = money("USD", 19n, 990_000_000)
          assertEquals(yield* service.convert({ from: price, toCode: "USD" }), price)
          assertEquals(yield* service.convert({ from: price, toCode: "EUR" }), money("EUR", 17n, 808_463_252))
          const { converted } = yield* service.convertBatch({ from: [price], toCode: "JPY", toMinorUnit: true })
          assertEquals(converted[0], money("JPY", 3152n))
        })
      )

      it.effect.prop("is exact and rounded once, at the nano or at the minor unit", [amount, codes], ([from, toCode]) =>
        Effect.gen(function* () {
          const service = yield* CurrencyService
          const nano = yield* service.convert({ from, toCode })
          assertEquals(Money.toNanos(nano), expected(Money.toNanos(from), from.currencyCode, toCode, 1n))
          const { converted } = yield* service.convertBatch({ from: [from], toCode, toMinorUnit: true })
          const step = 10n ** BigInt(9 - minorUnitDigits(toCode))
          const want = expected(Money.toNanos(from), from.currencyCode, toCode, step)
          deepStrictEqual(
            converted.map((money) => [money.currencyCode, Money.toNanos(money)]),
            [[toCode, want]]
          )
        })
      )

      it.effect.prop("comes back to within what two roundings can lose", [amount, codes], ([from, via]) =>
        Effect.gen(function* () {
          const service = yield* CurrencyService
          const there = yield* service.convert({ from, toCode: via })
          const back = yield* service.convert({ from: there, toCode: from.currencyCode })
          const [ownUp, ownDown] = fraction(from.currencyCode)
          const [viaUp, viaDown] = fraction(via)
          const lost = Money.toNanos(back) - Money.toNanos(from)
          assertTrue((lost < 0n ? -lost : lost) * 2n * viaUp * ownDown <= ownUp * viaDown + viaUp * ownDown)
        })
      )

      it.effect.prop("leaves an amount in its own currency alone", [amount], ([from]) =>
        Effect.gen(function* () {
          const service = yield* CurrencyService
          assertEquals(yield* service.convert({ from, toCode: from.currencyCode }), from)
        })
      )

      it.effect("needs no rate to leave an amount in its own currency alone", () =>
        Effect.gen(function* () {
          const service = yield* CurrencyService
          const from = money("KWD", 1n, 234_567_891)
          assertEquals(yield* service.convert({ from, toCode: "KWD" }), from)
          const { converted } = yield* service.convertBatch({ from: [from], toCode: "KWD", toMinorUnit: true })
          assertEquals(converted[0], money("KWD", 1n, 235_000_000))
        })
      )

      it.effect("refuses a currency it has no rate for, on either side, and names it", () =>
        Effect.gen(function* () {
          const { convert, convertBatch } = yield* CurrencyService
          const refusal = new UnsupportedCurrency({ code: "KWD" })
          const [kwd, usd] = [money("KWD", 1n), money("USD", 1n)]
          assertLeft(yield* Effect.either(convert({ from: kwd, toCode: "USD" })), refusal)
          assertLeft(yield* Effect.either(convert({ from: usd, toCode: "KWD" })), refusal)
          const batch = convertBatch({ from: [usd, kwd], toCode: "EUR", toMinorUnit: false })
          assertLeft(yield* Effect.either(batch), refusal)
        })
      )

      it.effect("refuses an amount that is too large in the other currency", () =>
        Effect.gen(function* () {
          const { convert, convertBatch } = yield* CurrencyService
          const most = money("USD", 2n ** 63n - 1n, 999_999_999)
          const refusal = (currencyCode: CurrencyCode) => new AmountTooLarge({ currencyCode })
          assertLeft(yield* Effect.either(convert({ from: most, toCode: "JPY" })), refusal("JPY"))
          const batch = convertBatch({ from: [most], toCode: "USD", toMinorUnit: true })
          assertLeft(yield* Effect.either(batch), refusal("USD"))
        })
      )

      it.effect("answers a batch in the order it was asked, with the day of the rates", () =>
        Effect.gen(function* () {
          const { convert, convertBatch } = yield* CurrencyService
          const from = [money("USD", 1n), money("JPY", 100n), money("EUR", 3n), money("GBP", -1n)]
          const batch = yield* convertBatch({ from, toCode: "EUR", toMinorUnit: false })
          const single = yield* Effect.forEach(from, (from) => convert({ from, toCode: "EUR" }))
          assertTrue(
            batch.converted.every((money, index) => Money.toNanos(money) === Money.toNanos(single[index] ?? money))
          )
          assertEquals(batch.converted.length, 4)
          assertEquals(batch.ratesDate, "2026-10-02")
        })
      )

      it.effect("supports the euro and what the table has, in alphabetical order", () =>
        Effect.gen(function* () {
          const { currencyCodes, ratesDate } = yield* (yield* CurrencyService).getSupportedCurrencies()
          assertEquals(ratesDate, "2026-10-02")
          assertEquals(currencyCodes.length, 30)
          deepStrictEqual([...currencyCodes], [...currencyCodes].sort())
          for (const code of ["USD", "EUR", "CAD", "JPY", "GBP", "TRY"] as const) {
            assertTrue(currencyCodes.includes(code))
          }
        })
      )
    })
  })
}
