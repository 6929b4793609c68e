import { Rpc } from "@effect/rpc"
import { CreditCardFromWire } from "@retro/domain/CreditCard"
import { IdempotencyKey, TransactionId } from "@retro/domain/Ids"
import * as Money from "@retro/domain/Money"
import { Duration, Schema } from "effect"
import * as Contract from "./Contract.ts"
import { PaymentServiceService } from "./generated/retrostation/payment.ts"
import { IdempotencyKeyReused } from "./IdempotencyKeyReused.ts"
import { Failure } from "./Status.ts"

const invalid = { grpc: "INVALID_ARGUMENT", http: 422 } as const

/** The month is none from 1 to 12. */
export class InvalidExpirationMonth extends Failure<InvalidExpirationMonth>()("InvalidExpirationMonth", invalid, {}) {}

/** The card's last month (UTC) is over. */
export class CardExpired extends Failure<CardExpired>()("CardExpired", invalid, {}) {}

/** The security code does not have the digits that the card's brand prints. */
export class InvalidCvv extends Failure<InvalidCvv>()("InvalidCvv", invalid, {}) {}

/** A number that every payment guide prints for testing. */
export class TestCardRefused extends Failure<TestCardRefused>()("TestCardRefused", invalid, {}) {}

/** Not 13 to 19 digits, or the check digit is wrong. */
export class InvalidCardNumber extends Failure<InvalidCardNumber>()("InvalidCardNumber", invalid, {}) {}

/** A brand that the shop has no contract with. */
export class UnacceptedBrand extends Failure<UnacceptedBrand>()("UnacceptedBrand", invalid, { brand: Schema.String }) {}

/** Why an issuer says no. */
export const DeclineReason = Schema.Literal("insufficient-funds", "stolen-card")
export type DeclineReason = typeof DeclineReason.Type

/** The issuer of the card said no. Nothing was charged. */
export class CardDeclined extends Failure<CardDeclined>()(
  "CardDeclined",
  { grpc: "FAILED_PRECONDITION", http: 402 },
  {
    reason: DeclineReason
  }
) {}

/** The token is unknown or older than an hour. */
export class CardTokenExpired extends Failure<CardTokenExpired>()(
  "CardTokenExpired",
  { grpc: "NOT_FOUND", http: 422 },
  {}
) {}

/** The key was voided before it was charged; it never will be. */
export class ChargeVoided extends Failure<ChargeVoided>()(
  "ChargeVoided",
  { grpc: "FAILED_PRECONDITION", http: 409 },
  {}
) {}

/** Nothing was charged under this key. */
export class ChargeNotFound extends Failure<ChargeNotFound>()("ChargeNotFound", { grpc: "NOT_FOUND", http: 404 }, {}) {}

/** The amount is not a positive whole number of the currency's minor units. */
export class AmountNotPayable extends Failure<AmountNotPayable>()("AmountNotPayable", invalid, {}) {}

/** What is wrong with a card before anyone asks its issuer. */
export const CardRefused = Schema.Union(
  InvalidExpirationMonth,
  CardExpired,
  InvalidCvv,
  TestCardRefused,
  InvalidCardNumber,
  UnacceptedBrand
)
export type CardRefused = typeof CardRefused.Type

/** Charges cards, each key once. */
export class PaymentService extends Contract.Tag<PaymentService>()(
  "PaymentService",
  PaymentServiceService,
  Rpc.make("charge", {
    payload: {
      amount: Money.FromWire,
      /** Absent where there is a token. */
      creditCard: Schema.UndefinedOr(CreditCardFromWire),
      idempotencyKey: Contract.orEmpty(IdempotencyKey),
      cardToken: Contract.orEmpty(Schema.String.pipe(Schema.maxLength(100)))
    },
    success: Schema.Struct({ transactionId: TransactionId, cardBrand: Schema.String, cardLastFour: Schema.String }),
    error: Schema.Union(
      CardRefused,
      CardDeclined,
      CardTokenExpired,
      ChargeVoided,
      AmountNotPayable,
      IdempotencyKeyReused
    )
  })
    .annotate(Contract.Deadline, Duration.seconds(5))
    .annotate(Contract.Completes, true),
  Rpc.make("tokenize", {
    payload: { creditCard: CreditCardFromWire },
    success: Schema.Struct({
      cardToken: Schema.String,
      cardBrand: Schema.String,
      cardLastFour: Schema.String,
      fingerprint: Schema.String
    }),
    error: CardRefused
  })
    .annotate(Contract.Completes, true)
    .annotate(Contract.Idempotent, true),
  Rpc.make("refund", {
    payload: { idempotencyKey: IdempotencyKey },
    success: Schema.Struct({ refundId: TransactionId }),
    error: ChargeNotFound
  })
    .annotate(Contract.Deadline, Duration.seconds(5))
    .annotate(Contract.Idempotent, true)
    .annotate(Contract.Completes, true),
  Rpc.make("void", {
    payload: { idempotencyKey: IdempotencyKey },
    success: Schema.Struct({ refunded: Schema.Boolean })
  })
    .annotate(Contract.Deadline, Duration.seconds(5))
    .annotate(Contract.Idempotent, true)
    .annotate(Contract.Completes, true)
) {}
