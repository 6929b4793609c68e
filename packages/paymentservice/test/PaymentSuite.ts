import { BadRequest } from "@retro/contract/Contract"
import { IdempotencyKeyReused } from "@retro/contract/IdempotencyKeyReused"
import {
  AmountNotPayable,
  CardDeclined,
  CardTokenExpired,
  ChargeNotFound,
  ChargeVoided,
  InvalidCardNumber,
  InvalidExpirationMonth,
  PaymentService
} from "@retro/contract/PaymentService"
import * as Money from "@retro/domain/Money"
import { describe, it } from "@effect/vitest"
import { assertEquals, assertFalse, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { Effect, Either, type Layer } from "effect"
import { card, charge, idempotencyKey, usd } from "./Cards.ts"

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

const fieldsOf = <A, E>(call: Effect.Effect<A, E>) =>
  Effect.map(Effect.flip(call), (error) => (error instanceof BadRequest ? error.fields.join() : error))

/** What the payment service promises, with the mock issuer, over every wiring. */
export const paymentSuite = <E>(wiring: string, layer: Layer.Layer<PaymentService, E>) =>
  describe(`Payment, ${wiring}`, () => {
    const test = (law: string, body: Effect.Effect<void, unknown, PaymentService>) =>
      it.effect(law, () => Effect.provide(body, layer))
    const key = idempotencyKey

    test(
      "charges a good card and names the transaction by a random UUID",
      Effect.gen(function* () {
        const payment = yield* PaymentService
        const charged = yield* payment.charge(charge({ key }))
        assertTrue(uuid.test(charged.transactionId))
        assertEquals(charged.cardBrand, "visa")
        assertEquals(charged.cardLastFour, "0454")
      })
    )

    test(
      "D2, R1: the same key charges once and answers the same transaction",
      Effect.gen(function* () {
        const payment = yield* PaymentService
        const first = yield* payment.charge(charge({ key }))
        const again = yield* payment.charge(charge({ key }))
        deepStrictEqual(again, first)
        const other = yield* payment.charge(charge({ key: "order-0002" }))
        assertFalse(other.transactionId === first.transactionId)
      })
    )

    test(
      "D2, R1: a decline stays a decline for its key, whatever the card",
      Effect.gen(function* () {
        const payment = yield* PaymentService
        const declined = Either.left(new CardDeclined({ reason: "insufficient-funds" }))
        const poor = card({ number: "4432801561520512" })
        assertEquals(yield* Effect.either(payment.charge(charge({ key, card: poor }))), declined)
        assertEquals(yield* Effect.either(payment.charge(charge({ key }))), declined)
        assertTrue(Either.isRight(yield* Effect.either(payment.charge(charge({ key: "order-0002" })))))
      })
    )

    test(
      "R1: looks the key up before it looks at the card",
      Effect.gen(function* () {
        const payment = yield* PaymentService
        const first = yield* payment.charge(charge({ key }))
        deepStrictEqual(yield* payment.charge(charge({ key, card: card({ month: 13, number: "nothing" }) })), first)
        const refused = yield* Effect.either(payment.charge(charge({ key: "order-0002", card: card({ month: 13 }) })))
        assertEquals(refused, Either.left(new InvalidExpirationMonth()))
        assertEquals(yield* Effect.either(payment.charge(charge({ key: "order-0002" }))), refused)
      })
    )

    test(
      "R1: refuses a key that stands for another amount",
      Effect.gen(function* () {
        const payment = yield* PaymentService
        const reused = Either.left(new IdempotencyKeyReused())
        yield* payment.charge(charge({ key }))
        assertEquals(yield* Effect.either(payment.charge(charge({ key, amount: usd(20) }))), reused)
        const euros = Either.getOrThrow(Money.make("EUR", 19n, 990_000_000))
        assertEquals(yield* Effect.either(payment.charge(charge({ key, amount: euros }))), reused)
      })
    )

    test(
      "charges an old client without a key, each time anew",
      Effect.gen(function* () {
        const payment = yield* PaymentService
        const first = yield* payment.charge(charge())
        const second = yield* payment.charge(charge())
        assertFalse(first.transactionId === second.transactionId)
      })
    )

    test(
      "answers by the table of the mock issuer",
      Effect.gen(function* () {
        const payment = yield* PaymentService
        const answer = (number: string) => Effect.either(payment.charge(charge({ card: card({ number }) })))
        const poor = Either.left(new CardDeclined({ reason: "insufficient-funds" }))
        assertEquals(yield* answer("4432801561520512"), poor)
        assertEquals(yield* answer("5522801561520502"), poor)
        assertEquals(yield* answer("4432801561520520"), Either.left(new CardDeclined({ reason: "stolen-card" })))
        assertTrue(Either.isRight(yield* answer("4432801561520454")))
      })
    )

    test(
      "R12: refuses amounts that nobody can pay",
      Effect.gen(function* () {
        const payment = yield* PaymentService
        const yen = Either.getOrThrow(Money.make("JPY", 100n, 500_000_000))
        for (const amount of [usd(0), usd(-1), usd(0, -10_000_000), usd(1, 5_000_000), yen]) {
          assertEquals(yield* Effect.either(payment.charge(charge({ amount }))), Either.left(new AmountNotPayable()))
        }
      })
    )

    test(
      "R3: asks for either a card or a token, and names the field",
      Effect.gen(function* () {
        const payment = yield* PaymentService
        const neither = payment.charge({ ...charge({ key }), creditCard: undefined })
        assertEquals(yield* fieldsOf(neither), "creditCard")
        const both = payment.charge({ ...charge({ key }), cardToken: "token" })
        assertEquals(yield* fieldsOf(both), "cardToken")
        yield* payment.charge(charge({ key }))
      })
    )

    test(
      "R3: charges by token, and answers as for the card",
      Effect.gen(function* () {
        const payment = yield* PaymentService
        const { cardToken, ...shown } = yield* payment.tokenize({ creditCard: card() })
        const { transactionId, ...charged } = yield* payment.charge(charge({ key, token: cardToken }))
        assertTrue(uuid.test(transactionId))
        assertEquals(charged.cardBrand, shown.cardBrand)
        assertEquals(charged.cardLastFour, shown.cardLastFour)
        const again = yield* payment.tokenize({ creditCard: card() })
        assertFalse(again.cardToken === cardToken)
        assertEquals((yield* payment.charge(charge({ key, token: again.cardToken }))).transactionId, transactionId)
      })
    )

    test(
      "R3: keeps the issuer's verdict with the token",
      Effect.gen(function* () {
        const payment = yield* PaymentService
        const { cardToken } = yield* payment.tokenize({ creditCard: card({ number: "4432801561520520" }) })
        const refused = yield* Effect.either(payment.charge(charge({ token: cardToken })))
        assertEquals(refused, Either.left(new CardDeclined({ reason: "stolen-card" })))
      })
    )

    test(
      "gives no token for a bad card, and knows no token it did not give",
      Effect.gen(function* () {
        const payment = yield* PaymentService
        const bad = payment.tokenize({ creditCard: card({ number: "4432801561520455" }) })
        assertEquals(yield* Effect.either(bad), Either.left(new InvalidCardNumber()))
        const unknown = payment.charge(charge({ token: "card_unknown" }))
        assertEquals(yield* Effect.either(unknown), Either.left(new CardTokenExpired()))
      })
    )

    test(
      "R3, R5: gives one fingerprint to one card, however it is typed, and others to others",
      Effect.gen(function* () {
        const payment = yield* PaymentService
        const print = (typed: Parameters<typeof card>[0]) =>
          Effect.map(payment.tokenize({ creditCard: card(typed) }), ({ fingerprint }) => fingerprint)
        const one = yield* print({ number: "4432 8015 6152 0454" })
        assertEquals(yield* print({ number: "4432-8015-6152-0454", code: "999" }), one)
        assertFalse((yield* print({ number: "4432801561520512" })) === one)
        assertFalse((yield* print({ year: 2040 })) === one)
      })
    )

    test(
      "D3: gives a charge back once, with one refund for its key",
      Effect.gen(function* () {
        const payment = yield* PaymentService
        assertEquals(yield* Effect.either(payment.refund({ idempotencyKey })), Either.left(new ChargeNotFound()))
        const { transactionId } = yield* payment.charge(charge({ key }))
        const { refundId } = yield* payment.refund({ idempotencyKey })
        assertTrue(uuid.test(refundId))
        assertFalse(refundId === transactionId)
        assertEquals((yield* payment.refund({ idempotencyKey })).refundId, refundId)
        assertEquals((yield* payment.charge(charge({ key }))).transactionId, transactionId)
      })
    )

    test(
      "has nothing to give back for a declined card",
      Effect.gen(function* () {
        const payment = yield* PaymentService
        yield* Effect.either(payment.charge(charge({ key, card: card({ number: "4432801561520512" }) })))
        assertEquals(yield* Effect.either(payment.refund({ idempotencyKey })), Either.left(new ChargeNotFound()))
        assertFalse((yield* payment.void({ idempotencyKey })).refunded)
      })
    )

    test(
      "D3, R2: a key voided before it is charged never is",
      Effect.gen(function* () {
        const payment = yield* PaymentService
        assertFalse((yield* payment.void({ idempotencyKey })).refunded)
        assertFalse((yield* payment.void({ idempotencyKey })).refunded)
        assertEquals(yield* Effect.either(payment.charge(charge({ key }))), Either.left(new ChargeVoided()))
        assertEquals(yield* Effect.either(payment.refund({ idempotencyKey })), Either.left(new ChargeNotFound()))
      })
    )

    test(
      "D3, R2: voiding a charged key refunds it once, and a refund before or after is the same one",
      Effect.gen(function* () {
        const payment = yield* PaymentService
        yield* payment.charge(charge({ key }))
        assertTrue((yield* payment.void({ idempotencyKey })).refunded)
        assertTrue((yield* payment.void({ idempotencyKey })).refunded)
        const { refundId } = yield* payment.refund({ idempotencyKey })
        assertEquals((yield* payment.refund({ idempotencyKey })).refundId, refundId)
        assertEquals(yield* Effect.either(payment.charge(charge({ key }))), Either.left(new ChargeVoided()))
      })
    )
  })
