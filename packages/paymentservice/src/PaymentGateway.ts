import type { CallFailed } from "@retro/contract/Contract"
import { CardDeclined, type DeclineReason } from "@retro/contract/PaymentService"
import { type IdempotencyKey, TransactionId } from "@retro/domain/Ids"
import type { Money } from "@retro/domain/Money"
import { Context, Effect, Layer, Option, Redacted } from "effect"
import { randomUUID } from "node:crypto"
import { answerTo } from "./CardNumbers.ts"

/** The gateway's own name for a card: worth nothing to anybody else, so it may be kept. */
export type Instrument = string

/**
 * Where money moves: the network that asks the card's issuer. Everything here bears being asked twice with the same key,
 * and moves money once. It may stay silent; whoever asks decides how long to wait.
 */
export class PaymentGateway extends Context.Tag("@retro/paymentservice/PaymentGateway")<
  PaymentGateway,
  {
    /** Hands a checked card over, to be named from now on. */
    readonly enroll: (number: Redacted.Redacted) => Effect.Effect<Instrument, CallFailed>
    readonly charge: (request: {
      readonly key: IdempotencyKey
      readonly amount: Money
      readonly instrument: Instrument
    }) => Effect.Effect<TransactionId, CardDeclined | CallFailed>
    /** Gives a charge back. */
    readonly refund: (transactionId: TransactionId) => Effect.Effect<TransactionId, CallFailed>
    /**
     * Makes sure that nothing stays charged under a key about which there is no verdict: gives back what was charged, if
     * anything, and takes no charge of that key any more.
     */
    readonly cancel: (key: IdempotencyKey) => Effect.Effect<Option.Option<TransactionId>, CallFailed>
  }
>() {}

/** A random UUID that nobody can guess: how the mock gateway names its transactions. */
export const transactionId = Effect.sync(() => TransactionId.make(randomUUID()))

/** The mock issuer: answers by the table of `CardNumbers`, and moves no money, so it has nothing to remember. */
export const layerMock = Layer.succeed(PaymentGateway, {
  enroll: (number) => Effect.sync(() => answerTo(Redacted.value(number))),
  charge: ({ instrument }) => {
    switch (instrument) {
      case "insufficient-funds":
      case "stolen-card":
        return Effect.fail(new CardDeclined({ reason: instrument }))
      case "silent":
        return Effect.never
      default:
        return transactionId
    }
  },
  refund: () => transactionId,
  cancel: () => Effect.succeedNone
})

/** An issuer that declines every charge, for tests. */
export const layerDeclining = (reason: DeclineReason) =>
  Layer.effect(
    PaymentGateway,
    Effect.map(PaymentGateway, (gateway) => ({ ...gateway, charge: () => Effect.fail(new CardDeclined({ reason })) }))
  ).pipe(Layer.provide(layerMock))
