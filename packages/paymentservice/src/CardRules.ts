import {
  CardExpired,
  type CardRefused,
  InvalidCardNumber,
  InvalidCvv,
  InvalidExpirationMonth,
  TestCardRefused,
  UnacceptedBrand
} from "@retro/contract/PaymentService"
import * as CreditCard from "@retro/domain/CreditCard"
import { DateTime, Effect, Redacted } from "effect"
import { isPublicTestNumber } from "./CardNumbers.ts"

/** A card that passed every check: its digits, and what of it may be kept. */
export interface GoodCard {
  readonly number: Redacted.Redacted
  readonly brand: CreditCard.Brand
  readonly lastFour: string
  readonly expirationYear: number
  readonly expirationMonth: number
}

/** The brands that the shop has a contract with. */
export const acceptedBrands: ReadonlySet<CreditCard.Brand> = new Set(["visa", "mastercard", "amex"])

/** Checks a card as it was typed. The first rule that it breaks, in the order below, is the error. */
export const check: (card: CreditCard.CreditCard) => Effect.Effect<GoodCard, CardRefused> = Effect.fnUntraced(
  function* (card) {
    const number = CreditCard.digits(card)
    const brand = CreditCard.brand(number)
    const { expirationMonth, expirationYear } = card
    if (expirationMonth < 1 || expirationMonth > 12) return yield* new InvalidExpirationMonth()
    yield* checkExpiry(card)
    if (!CreditCard.isSecurityCode(card.securityCode, brand)) return yield* new InvalidCvv()
    if (isPublicTestNumber(Redacted.value(number))) return yield* new TestCardRefused()
    if (!CreditCard.isNumber(number)) return yield* new InvalidCardNumber()
    if (brand === undefined || !acceptedBrands.has(brand))
      return yield* new UnacceptedBrand({ brand: brand ?? "unknown" })
    return { number, brand, lastFour: CreditCard.lastFour(number), expirationYear, expirationMonth }
  }
)

/** Whether a card can still be used in the present month of UTC. */
export const checkExpiry: (
  card: Pick<GoodCard, "expirationYear" | "expirationMonth">
) => Effect.Effect<void, CardExpired> = Effect.fnUntraced(function* (card) {
  const { month, year } = DateTime.toPartsUtc(yield* DateTime.now)
  if (CreditCard.isExpired(card, year, month)) return yield* new CardExpired()
})
