import { CallFailed } from "@retro/contract/Contract"
import {
  CardDeclined,
  CardExpired,
  CardTokenExpired,
  ChargeVoided,
  PaymentService
} from "@retro/contract/PaymentService"
import { codes } from "@retro/contract/Status"
import * as Loopback from "@retro/grpc/Loopback"
import * as OutcomesMemory from "@retro/outcomes/OutcomesMemory"
import * as Once from "@retro/outcomes/Once"
import * as CardFingerprint from "../src/CardFingerprint.ts"
import { timeToLive } from "../src/CardTokens.ts"
import * as Payment from "../src/Payment.ts"
import * as PaymentGateway from "../src/PaymentGateway.ts"
import { describe, it } from "@effect/vitest"
import { assertEquals, assertFalse, assertTrue } from "@effect/vitest/utils"
import { Effect, Either, FastCheck, Fiber, Layer, Logger, LogLevel, Option, TestClock, TestContext } from "effect"
import * as Budgets from "../../../scripts/bench/Budgets.ts"
import * as Counting from "../../outcomes/test/Counting.ts"
import * as Leavings from "../../outcomes/test/Leavings.ts"
import { card, charge, idempotencyKey } from "./Cards.ts"
import { paymentSuite } from "./PaymentSuite.ts"
import * as RecordingGateway from "./RecordingGateway.ts"

const program = Layer.provide(Payment.layer, [OutcomesMemory.layerMemory, CardFingerprint.layerRandom])
const withMock = Layer.provide(program, PaymentGateway.layerMock)

paymentSuite("directly", withMock)
paymentSuite("over gRPC", Loopback.layer(PaymentService, withMock))

const recorded = (options?: Parameters<typeof RecordingGateway.layer>[0]) =>
  Layer.provideMerge(program, RecordingGateway.layer(options))

describe("Payment, as time goes by", () => {
  it.effect("R2: waits for a silent issuer so long, then has no verdict and stores none", () =>
    Effect.gen(function* () {
      const payment = yield* PaymentService
      const silent = charge({ key: idempotencyKey, card: card({ number: "4432801561520538" }) })
      const waiting = yield* Effect.fork(Effect.either(payment.charge(silent)))
      yield* TestClock.adjust(Once.patience)
      const nothing = Either.left(new CallFailed({ path: "", code: codes.DEADLINE_EXCEEDED }))
      assertEquals(yield* waiting, nothing)
      assertEquals((yield* payment.charge(charge({ key: idempotencyKey }))).cardBrand, "visa")
    }).pipe(Effect.provide(withMock))
  )

  it.effect("D3, R2: voids a key that the silent issuer left without a verdict", () =>
    Effect.gen(function* () {
      const payment = yield* PaymentService
      const silent = charge({ key: idempotencyKey, card: card({ number: "4432801561520538" }) })
      const waiting = yield* Effect.fork(Effect.either(payment.charge(silent)))
      yield* TestClock.adjust(Once.patience)
      yield* waiting
      assertFalse((yield* payment.void({ idempotencyKey })).refunded)
      assertEquals(yield* Effect.either(payment.charge(silent)), Either.left(new ChargeVoided()))
    }).pipe(Effect.provide(withMock))
  )

  it.effect("R3: forgets a token after an hour, but not what was charged with it", () =>
    Effect.gen(function* () {
      const payment = yield* PaymentService
      const { cardToken: token } = yield* payment.tokenize({ creditCard: card() })
      const { transactionId } = yield* payment.charge(charge({ key: idempotencyKey, token }))
      yield* TestClock.adjust(timeToLive)
      assertEquals(yield* Effect.either(payment.charge(charge({ token }))), Either.left(new CardTokenExpired()))
      assertEquals((yield* payment.charge(charge({ key: idempotencyKey, token }))).transactionId, transactionId)
    }).pipe(Effect.provide(withMock))
  )

  it.effect("refuses a token whose card expired meanwhile", () =>
    Effect.gen(function* () {
      const payment = yield* PaymentService
      yield* TestClock.setTime(Date.UTC(2038, 11, 31, 23, 45))
      const { cardToken: token } = yield* payment.tokenize({ creditCard: card({ year: 2038, month: 12 }) })
      yield* TestClock.adjust("20 minutes")
      assertEquals(yield* Effect.either(payment.charge(charge({ token }))), Either.left(new CardExpired()))
    }).pipe(Effect.provide(withMock))
  )

  it.effect("declines what its issuer declines", () =>
    Effect.gen(function* () {
      const payment = yield* PaymentService
      const stolen = Either.left(new CardDeclined({ reason: "stolen-card" }))
      assertEquals(yield* Effect.either(payment.charge(charge())), stolen)
    }).pipe(Effect.provide(Layer.provide(program, PaymentGateway.layerDeclining("stolen-card"))))
  )
})

describe("Payment, what the network sees", () => {
  it.effect("D2, R1: fifty concurrent charges of one key are one", () =>
    Effect.gen(function* () {
      const payment = yield* PaymentService
      const { asked } = yield* RecordingGateway.Statement
      const all = yield* Effect.fork(
        Effect.replicateEffect(payment.charge(charge({ key: idempotencyKey })), 50, { concurrency: "unbounded" })
      )
      yield* TestClock.adjust("500 millis")
      assertEquals(new Set((yield* all).map(({ transactionId }) => transactionId)).size, 1)
      assertEquals(asked.charges, 1)
    }).pipe(Effect.provide(recorded({ takes: "120 millis" })))
  )

  it.effect("D2: an answer that got lost is asked for again with the same key, and charged once", () =>
    Effect.gen(function* () {
      const payment = yield* PaymentService
      const { charged } = yield* RecordingGateway.Statement
      const lost = yield* Effect.fork(Effect.either(payment.charge(charge({ key: idempotencyKey }))))
      yield* TestClock.adjust(Once.patience)
      assertTrue(Either.isLeft(yield* lost))
      const { transactionId } = yield* payment.charge(charge({ key: idempotencyKey }))
      assertEquals(charged.get(idempotencyKey), transactionId)
      assertEquals(charged.size, 1)
    }).pipe(Effect.provide(recorded({ losesAnswers: 1 })))
  )

  it.effect("D3: a charge whose answer got lost is given back when its key is voided", () =>
    Effect.gen(function* () {
      const payment = yield* PaymentService
      const statement = yield* RecordingGateway.Statement
      const lost = yield* Effect.fork(Effect.either(payment.charge(charge({ key: idempotencyKey }))))
      yield* TestClock.adjust(Once.patience)
      yield* lost
      assertEquals(RecordingGateway.kept(statement).length, 1)
      assertTrue((yield* payment.void({ idempotencyKey })).refunded)
      assertEquals(RecordingGateway.kept(statement).length, 0)
      yield* payment.refund({ idempotencyKey })
      assertEquals(statement.refunded.size, 1)
    }).pipe(Effect.provide(recorded({ losesAnswers: 1 })))
  )

  it.effect("D3: a charge whose answer got lost is given back before a later refusal is final", () =>
    Effect.gen(function* () {
      const payment = yield* PaymentService
      const statement = yield* RecordingGateway.Statement
      const lost = yield* Effect.fork(Effect.either(payment.charge(charge({ key: idempotencyKey }))))
      yield* TestClock.adjust(Once.patience)
      yield* lost
      const expired = payment.charge(charge({ key: idempotencyKey, token: "expired" }))
      assertEquals(yield* Effect.either(expired), Either.left(new CardTokenExpired()))
      assertEquals(RecordingGateway.kept(statement).length, 0)
    }).pipe(Effect.provide(recorded({ losesAnswers: 1 })))
  )

  it.effect(
    "D3: however charge, void and refund of a key interleave, it ends refunded once or never charged",
    () =>
      Effect.promise(() =>
        FastCheck.assert(
          FastCheck.asyncProperty(
            FastCheck.integer({ min: 0, max: 4000 }),
            FastCheck.integer({ min: 0, max: 4000 }),
            FastCheck.integer({ min: 0, max: 4000 }),
            (takes, voidAt, refundAt) => Effect.runPromise(interleaving(takes, voidAt, refundAt))
          ),
          { numRuns: 20 }
        )
      ),
    30_000
  )

  it.effect("D3: with voids and no interruption, the charge's answer says what happened", () =>
    Effect.gen(function* () {
      const payment = yield* PaymentService
      const statement = yield* RecordingGateway.Statement
      const charging = yield* Effect.fork(Effect.either(payment.charge(charge({ key: idempotencyKey }))))
      yield* TestClock.adjust("200 millis")
      const voiding = yield* Effect.fork(payment.void({ idempotencyKey }))
      yield* TestClock.adjust("5 seconds")
      assertTrue(Either.isRight(yield* charging))
      assertTrue((yield* voiding).refunded)
      assertEquals(RecordingGateway.kept(statement).length, 0)
    }).pipe(Effect.provide(recorded({ takes: "1 seconds" })))
  )
})

const interleaving = (takes: number, voidAt: number, refundAt: number) =>
  Effect.gen(function* () {
    const payment = yield* PaymentService
    const statement = yield* RecordingGateway.Statement
    const charging = yield* Effect.fork(Effect.either(payment.charge(charge({ key: idempotencyKey }))))
    const refunding = yield* Effect.fork(Effect.either(Effect.delay(payment.refund({ idempotencyKey }), refundAt)))
    const voiding = yield* Effect.fork(Effect.delay(payment.void({ idempotencyKey }), voidAt))
    yield* TestClock.adjust("15 seconds")
    yield* Fiber.join(charging)
    yield* Fiber.join(refunding)
    const { refunded } = yield* voiding
    assertEquals(RecordingGateway.kept(statement).length, 0)
    assertEquals(statement.refunded.size, statement.charged.size)
    assertEquals(refunded, statement.charged.size === 1)
  }).pipe(
    Effect.provide(
      Layer.provideMerge(recorded({ takes }), Layer.merge(TestContext.TestContext, Logger.remove(Logger.defaultLogger)))
    )
  )

describe("Payment, what it costs", () => {
  it.effect("asks its store once for a token, three times for a charge by it, and once for that again", () => {
    const asked = { times: 0 }
    return Effect.gen(function* () {
      const payment = yield* PaymentService
      const { cardToken: token } = yield* payment.tokenize({ creditCard: card() })
      assertEquals(asked.times, Budgets.payment.tokenize)
      const charged = payment.charge(charge({ key: idempotencyKey, token }))
      assertEquals(yield* Counting.times(asked, charged), Budgets.payment.charge)
      assertEquals(yield* Counting.times(asked, charged), Budgets.payment.again)
    }).pipe(
      Effect.provide(
        Layer.provide(Payment.layer, [Counting.layer(asked), CardFingerprint.layerRandom, PaymentGateway.layerMock])
      )
    )
  })
})

describe("Payment, what it leaves behind", () => {
  it.effect("D15, R3: no log line and no stored text holds a card number, a code or a token", () =>
    Effect.gen(function* () {
      const left = Leavings.make()
      const everything = Effect.gen(function* () {
        const payment = yield* PaymentService
        const { cardToken: token } = yield* payment.tokenize({ creditCard: card({ code: "8417" }) })
        yield* payment.charge(charge({ key: idempotencyKey, token }))
        for (const number of ["4432801561520512", "4111111111111111", "44328015615204540"]) {
          yield* Effect.either(
            payment.charge(charge({ card: card({ number, code: "8417" }) })).pipe(Effect.tapErrorCause(Effect.logError))
          )
        }
        yield* payment.void({ idempotencyKey })
        return token
      })
      const token = yield* everything.pipe(
        Effect.provide(
          Layer.provide(Payment.layer, [left.outcomes, CardFingerprint.layerRandom, PaymentGateway.layerMock]).pipe(
            Layer.provideMerge(left.logger)
          )
        ),
        Logger.withMinimumLogLevel(LogLevel.All)
      )
      assertTrue(left.texts.some((text) => text.includes("card charged")))
      const all = left.texts.join("\n").replace(/[\s-]/g, "")
      for (const canary of ["443280156152", "411111111111", '8417"', token.replace(/-/g, "")]) {
        assertEquals(
          Option.liftPredicate(all, (text) => text.includes(canary)),
          Option.none()
        )
      }
    })
  )
})
