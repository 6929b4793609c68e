import { Redacted, Schema } from "effect"

/** A card as it was typed. Whether it is any good is paymentservice's to say. */
export class CreditCard extends Schema.Class<CreditCard>("CreditCard")({
  number: Schema.Redacted(Schema.String.pipe(Schema.maxLength(40))),
  securityCode: Schema.Redacted(Schema.String.pipe(Schema.maxLength(10))),
  expirationYear: Schema.Int.pipe(Schema.between(-(2 ** 31), 2 ** 31 - 1)),
  /** January is 1. */
  expirationMonth: Schema.Int.pipe(Schema.between(-(2 ** 31), 2 ** 31 - 1))
}) {}

/**
 * A card as a message carries it: the numeric code of old clients counts where the security code is empty, with the zeros
 * that a number loses. A code of 0 is none, as an absent field is.
 */
export const CreditCardFromWire = Schema.transform(
  Schema.Struct({
    creditCardNumber: Schema.String,
    creditCardCvv: Schema.Number,
    creditCardExpirationYear: Schema.Number,
    creditCardExpirationMonth: Schema.Number,
    securityCode: Schema.String
  }),
  CreditCard,
  {
    strict: true,
    decode: (message) => ({
      number: message.creditCardNumber,
      securityCode: message.securityCode === "" ? codeOf(message) : message.securityCode,
      expirationYear: message.creditCardExpirationYear,
      expirationMonth: message.creditCardExpirationMonth
    }),
    encode: (card) => ({
      creditCardNumber: card.number,
      creditCardCvv: 0,
      creditCardExpirationYear: card.expirationYear,
      creditCardExpirationMonth: card.expirationMonth,
      securityCode: card.securityCode
    })
  }
)

const codeOf = ({ creditCardCvv, creditCardNumber }: { creditCardCvv: number; creditCardNumber: string }): string =>
  creditCardCvv === 0 ? "" : String(creditCardCvv).padStart(brand(plain(creditCardNumber)) === "amex" ? 4 : 3, "0")

/** The networks whose cards a number can belong to, by the ranges of ISO/IEC 7812 issuers. */
export type Brand = "visa" | "mastercard" | "amex" | "discover" | "jcb" | "diners"

const ranges: ReadonlyArray<readonly [Brand, RegExp]> = [
  ["visa", /^4/],
  ["mastercard", /^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/],
  ["amex", /^3[47]/],
  ["discover", /^(6011|64[4-9]|65)/],
  ["jcb", /^35(2[89]|[3-8])/],
  ["diners", /^3(0[0-5]|[689])/]
]

/** The digits of a card number without the spaces and hyphens people type; anything else stays as it is. */
export const digits = (card: CreditCard): Redacted.Redacted => plain(Redacted.value(card.number))

const plain = (typed: string): Redacted.Redacted => Redacted.make(typed.replace(/[\s-]/g, ""))

/** The brand that numbers beginning like this belong to. */
export const brand = (number: Redacted.Redacted): Brand | undefined =>
  ranges.find(([, range]) => range.test(Redacted.value(number)))?.[0]

/** The last four digits: what may be shown. */
export const lastFour = (number: Redacted.Redacted): string => Redacted.value(number).slice(-4)

/** Whether it has 13 to 19 digits, not all zero, and the check digit of ISO/IEC 7812-1 (Luhn). */
export const isNumber = (number: Redacted.Redacted): boolean => {
  const text = Redacted.value(number)
  if (!/^\d{13,19}$/.test(text) || /^0+$/.test(text)) return false
  let sum = 0
  for (let index = 0; index < text.length; index++) {
    const digit = Number(text[text.length - 1 - index])
    sum += index % 2 === 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0)
  }
  return sum % 10 === 0
}

/** Whether the code has as many digits as the brand prints: four for American Express, three or four elsewhere. */
export const isSecurityCode = (code: Redacted.Redacted, of: Brand | undefined): boolean =>
  (of === "amex" ? /^\d{4}$/ : /^\d{3,4}$/).test(Redacted.value(code))

/** Whether the card may be used in that month of UTC: cards are good until the end of the month printed on them. */
export const isExpired = (
  card: Pick<CreditCard, "expirationYear" | "expirationMonth">,
  year: number,
  month: number
): boolean => card.expirationYear < year || (card.expirationYear === year && card.expirationMonth < month)
