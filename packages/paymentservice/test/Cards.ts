import { CreditCard } from "@retro/domain/CreditCard"
import { IdempotencyKey } from "@retro/domain/Ids"
import * as Money from "@retro/domain/Money"
import { Either, Redacted } from "effect"

/** A card as a shopper types it; good unless told otherwise. */
export const card = (typed: { number?: string; code?: string; year?: number; month?: number } = {}) =>
  new CreditCard({
    number: Redacted.make(typed.number ?? "4432 8015 6152 0454"),
    securityCode: Redacted.make(typed.code ?? "672"),
    expirationYear: typed.year ?? 2039,
    expirationMonth: typed.month ?? 1
  })

export const usd = (units: number, nanos = 0) => Either.getOrThrow(Money.make("USD", BigInt(units), nanos))

/** A charge of $19.99 with a good card. */
export const charge = (
  request: {
    key?: string
    amount?: Money.Money
    card?: CreditCard | undefined
    token?: string
  } = {}
) => ({
  amount: request.amount ?? usd(19, 990_000_000),
  creditCard: request.token === undefined ? (request.card ?? card()) : undefined,
  idempotencyKey: request.key === undefined ? undefined : IdempotencyKey.make(request.key),
  cardToken: request.token
})

export const idempotencyKey = IdempotencyKey.make("order-0001")
