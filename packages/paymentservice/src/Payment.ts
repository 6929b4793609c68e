import { BadRequest } from "@retro/contract/Contract"
import {
  AmountNotPayable,
  CardDeclined,
  CardRefused,
  CardTokenExpired,
  ChargeNotFound,
  ChargeVoided,
  PaymentService
} from "@retro/contract/PaymentService"
import type { CreditCard } from "@retro/domain/CreditCard"
import { type IdempotencyKey, TransactionId } from "@retro/domain/Ids"
import * as Money from "@retro/domain/Money"
import * as Once from "@retro/outcomes/Once"
import { Effect, Either, Layer, Option, Schema } from "effect"
import { CardFingerprint } from "./CardFingerprint.ts"
import * as CardRules from "./CardRules.ts"
import * as CardTokens from "./CardTokens.ts"
import { PaymentGateway } from "./PaymentGateway.ts"
import * as PaymentMetrics from "./PaymentMetrics.ts"

const Charge = Schema.Struct({ transactionId: TransactionId, cardBrand: Schema.String, cardLastFour: Schema.String })
const Refusal = Schema.Union(CardRefused, CardDeclined, CardTokenExpired, ChargeVoided, AmountNotPayable)
const Refund = Schema.Struct({ refundId: TransactionId })

/**
 * Charges cards through the gateway, each key once. A key is one attempt to pay: a declined key stays declined, and
 * another card needs another key. What is stored of a card is what `KeptCard` lists.
 */
export const layer = Layer.effect(
  PaymentService,
  Effect.gen(function* () {
    const gateway = yield* PaymentGateway
    const fingerprint = yield* CardFingerprint
    const tokens = yield* CardTokens.make
    const refunds = yield* Once.make({ space: "refund", success: Refund, failure: Schema.Never })

    const recordRefund = (key: IdempotencyKey, effect: ReturnType<typeof gateway.refund>) =>
      refunds.run({ key, input: "", effect: Effect.map(effect, (refundId) => ({ refundId })) }).pipe(
        // Refunds have no input but their key.
        Effect.catchTag("IdempotencyKeyReused", Effect.die)
      )

    const charges = yield* Once.make({
      space: "charge",
      success: Charge,
      failure: Refusal,
      revert: Effect.fnUntraced(function* (key, charge) {
        if (Option.isSome(charge)) {
          yield* recordRefund(key, gateway.refund(charge.value.transactionId))
          return true
        }
        const refundId = yield* gateway.cancel(key)
        if (Option.isSome(refundId)) yield* recordRefund(key, Effect.succeed(refundId.value))
        return Option.isSome(refundId)
      })
    })

    const keep = Effect.fnUntraced(function* (typed: CreditCard) {
      const card = yield* CardRules.check(typed)
      return new CardTokens.KeptCard({
        brand: card.brand,
        lastFour: card.lastFour,
        expirationYear: card.expirationYear,
        expirationMonth: card.expirationMonth,
        fingerprint: fingerprint(card),
        instrument: yield* Once.within(gateway.enroll(card.number), Once.patience)
      })
    })

    const charge = Effect.fnUntraced(function* (key: IdempotencyKey, amount: Money.Money, payer: Payer) {
      if (Money.isZero(amount) || Money.isNegative(amount) || !Money.isPayable(amount)) {
        return yield* new AmountNotPayable()
      }
      const card = Either.isLeft(payer) ? yield* keep(payer.left) : yield* tokens.find(payer.right)
      yield* CardRules.checkExpiry(card)
      const transactionId = yield* gateway.charge({ key, amount, instrument: card.instrument })
      yield* Effect.annotateLogs(Effect.logInfo("card charged"), { transactionId })
      return { transactionId, cardBrand: card.brand, cardLastFour: card.lastFour }
    })

    return PaymentService.of({
      charge: Effect.fnUntraced(function* ({ amount, cardToken, creditCard, idempotencyKey }) {
        const payer = yield* payerOf(creditCard, cardToken)
        const key = idempotencyKey ?? (yield* Once.anyKey)
        return yield* charges.run({
          key,
          input: `${amount.currencyCode} ${Money.toNanos(amount)}`,
          effect: PaymentMetrics.countCharge(charge(key, amount, payer))
        })
      }),
      tokenize: Effect.fnUntraced(function* ({ creditCard }) {
        const card = yield* keep(creditCard)
        return {
          cardToken: yield* tokens.keep(card),
          cardBrand: card.brand,
          cardLastFour: card.lastFour,
          fingerprint: card.fingerprint
        }
      }),
      refund: Effect.fnUntraced(function* ({ idempotencyKey }) {
        const charged = Option.flatMap(yield* charges.find(idempotencyKey), Either.getRight)
        if (Option.isSome(charged)) {
          return yield* recordRefund(
            idempotencyKey,
            PaymentMetrics.countRefund(gateway.refund(charged.value.transactionId))
          )
        }
        // A charge that was voided was given back already.
        const refund = Option.flatMap(yield* refunds.find(idempotencyKey), Either.getRight)
        return Option.isSome(refund) ? refund.value : yield* new ChargeNotFound()
      }),
      void: Effect.fnUntraced(function* ({ idempotencyKey }) {
        return { refunded: yield* charges.revoke(idempotencyKey, new ChargeVoided()) }
      })
    })
  })
)

/** Who pays: a card as it was typed, or the token of one. */
type Payer = Either.Either<string, CreditCard>

const payerOf = (card: CreditCard | undefined, token: string | undefined): Effect.Effect<Payer, BadRequest> => {
  if (card === undefined) {
    return token === undefined ? new BadRequest({ fields: ["creditCard"] }) : Effect.succeed(Either.right(token))
  }
  return token === undefined ? Effect.succeed(Either.left(card)) : new BadRequest({ fields: ["cardToken"] })
}
