import type { CheckoutService } from "@retro/contract/CheckoutService"
import { Address } from "@retro/domain/Address"
import { CreditCard } from "@retro/domain/CreditCard"
import { CurrencyCode } from "@retro/domain/Currency"
import { EmailAddress } from "@retro/domain/EmailAddress"
import { IdempotencyKey } from "@retro/domain/Ids"
import * as Money from "@retro/domain/Money"
import { Either, Schema } from "effect"
import * as Form from "./Form.ts"
import type { CheckoutField } from "./views/Models.ts"
import type { Visit } from "./Visit.ts"

/** The fields that may be shown again as they were typed: never the number and the security code of a card. */
export const kept = [
  "email",
  "name",
  "street_address",
  "zip_code",
  "city",
  "state",
  "country",
  "credit_card_expiration_month",
  "credit_card_expiration_year"
] as const satisfies ReadonlyArray<CheckoutField>

const trimmed = <A>(schema: Schema.Schema<A, string>) => Schema.Trim.pipe(Schema.compose(schema))

/** The form that buys a cart. What it hides may be missing: then the order is placed at whatever the cart costs. */
const fields = Schema.Struct({
  email: trimmed(EmailAddress),
  name: trimmed(Address.fields.recipient),
  street_address: trimmed(Address.fields.streetAddress),
  zip_code: trimmed(Address.fields.postalCode),
  city: trimmed(Address.fields.city),
  state: trimmed(Address.fields.state),
  country: trimmed(Address.fields.country),
  credit_card_number: Schema.Redacted(Schema.Trim.pipe(Schema.pattern(/^\d[\d -]{0,38}$/))),
  credit_card_expiration_month: Form.WholeNumber.pipe(Schema.between(1, 12)),
  credit_card_expiration_year: Form.WholeNumber.pipe(Schema.between(1000, 9999)),
  credit_card_cvv: Schema.Redacted(Schema.Trim.pipe(Schema.pattern(/^\d{3,4}$/))),
  idempotency_key: Form.orAbsent(IdempotencyKey),
  cart_version: Form.orAbsent(Form.WholeNumber.pipe(Schema.lessThan(2 ** 32))),
  shown_total: Form.orAbsent(Schema.String.pipe(Schema.pattern(/^\d{1,27}$/))),
  shown_currency: Form.orAbsent(CurrencyCode)
})

const damaged = "This changed on its way to us."

/** Reads the form. */
export const read = Form.make(fields, {
  email: "Give an e-mail address like name@example.com.",
  name: "Give a name of at most 100 characters.",
  street_address: "Give a street and number, at most 200 characters.",
  zip_code: "Give a postal code of at most 20 characters.",
  city: "Give a city, at most 100 characters.",
  state: "Give a state of at most 100 characters.",
  country: "Give a country, at most 60 characters.",
  credit_card_number: "Give the number on the card, in digits.",
  credit_card_expiration_month: "Choose the month on the card, from 1 to 12.",
  credit_card_expiration_year: "Give the year on the card in four digits.",
  credit_card_cvv: "Give the three or four digits of the security code.",
  idempotency_key: damaged,
  cart_version: damaged,
  shown_total: damaged,
  shown_currency: damaged
})

/** What checkoutservice is asked: an order in the currency of the total that was shown, or else in the shopper's. */
export const request = (
  values: typeof fields.Type,
  { currency, session }: Visit
): Parameters<typeof CheckoutService.Service.placeOrder>[0] => {
  const userCurrency = values.shown_currency ?? currency
  return {
    userId: session.userId,
    userCurrency,
    address: new Address({
      recipient: values.name,
      streetAddress: values.street_address,
      city: values.city,
      state: values.state,
      postalCode: values.zip_code,
      country: values.country
    }),
    email: values.email,
    creditCard: new CreditCard({
      number: values.credit_card_number,
      securityCode: values.credit_card_cvv,
      expirationYear: values.credit_card_expiration_year,
      expirationMonth: values.credit_card_expiration_month
    }),
    idempotencyKey: values.idempotency_key,
    cartVersion: values.cart_version,
    shownTotal: shown(userCurrency, values.shown_total)
  }
}

/** The total that was shown. Its 27 digits of billionths at most are below 2⁶³ units. */
const shown = (code: CurrencyCode, nanos: string | undefined) =>
  nanos === undefined ? undefined : Either.getOrThrow(Money.fromNanos(code, BigInt(nanos)))
