import type { CurrencyCode } from "@retro/domain/Currency"
import * as Lazy from "@retro/domain/Lazy"
import { format, type Money, toNanos, zero } from "@retro/domain/Money"
import * as Derived from "../Derived.ts"
import { type Html, html } from "../Html.ts"
import * as Remembered from "../Remembered.ts"
import { type Field, input, type Option, select, summary } from "./Field.ts"
import { checkoutFields, type CheckoutField, type CheckoutForm, type Notice } from "./Models.ts"

/** What was refused and what came of it, for the top of the page. */
export const problems = ({ errors }: CheckoutForm, said: Notice | undefined): Html | false =>
  summary(
    checkoutFields.flatMap((name) => {
      const error = errors[name]
      return error === undefined ? [] : [{ name, label: fields[name].label, error }]
    }),
    said
  )

/**
 * The form that buys the cart of that version for that total.
 *
 * While the total is unknown it says that none was shown: zero, which no order costs, so that the answer is a page with
 * the total and with everything that was typed.
 */
export const form = (model: CheckoutForm, cartVersion: number, currency: CurrencyCode, total: Money | null): Html =>
  html`<section class="order" aria-labelledby="order">
    <h2 id="order">Order</h2>
    ${model.demo === "offered" && html`<p class="demo"><a class="button" href="/cart?demo=1#order">Fill in demo data</a></p>`}
    <form method="post" action="/cart/checkout" novalidate data-once="Placing your order…">
      <input type="hidden" name="idempotency_key" value="${model.idempotencyKey}" />
      <input type="hidden" name="cart_version" value="${cartVersion}" />
      <input type="hidden" name="shown_total" value="${String(toNanos(total ?? zero(currency)))}" />
      <input type="hidden" name="shown_currency" value="${currency}" />
      <fieldset>
        <legend>Who and where</legend>
        ${line(model, "email")}${line(model, "name")}${line(model, "street_address")}${line(model, "zip_code")}${line(model, "city")}${line(model, "state")}
        ${model.countries.length === 0 ? line(model, "country") : choose(model, "country", countries(model.countries))}
      </fieldset>
      <fieldset>
        <legend>Card</legend>
        <p class="hint">This shop is a demonstration: no card is charged. Please do not type a real one.</p>
        ${line(model, "credit_card_number")} ${choose(model, "credit_card_expiration_month", months())}
        ${choose(model, "credit_card_expiration_year", yearsFrom(model.thisYear))} ${line(model, "credit_card_cvv")}
      </fieldset>
      <button class="primary">${total === null ? "Ask for the total" : `Pay ${format(total)}`}</button>
    </form>
  </section>`

/** Countries as a select offers them. */
export const countries = Derived.of((all: CheckoutForm["countries"]) =>
  all.map(({ code, name }) => ({ value: code, label: name }))
)

const line = (model: CheckoutForm, name: CheckoutField): Html => input(filled(model, name))

const choose = (model: CheckoutForm, name: CheckoutField, options: ReadonlyArray<Option>): Html =>
  select(filled(model, name), options)

const filled = ({ demo, errors, values }: CheckoutForm, name: CheckoutField): Field => ({
  name,
  value: name === "credit_card_cvv" && demo !== "filled" ? "" : (values[name] ?? ""),
  error: errors[name],
  ...fields[name]
})

const months: () => ReadonlyArray<Option> = Lazy.make(() => {
  const names = new Intl.DateTimeFormat("en", { month: "long", timeZone: "UTC" })
  return Array.from({ length: 12 }, (_, index) => ({
    value: String(index + 1),
    label: `${String(index + 1).padStart(2, "0")} ${names.format(Date.UTC(2000, index))}`
  }))
})

const yearsFrom = Remembered.make(1, (first: number): ReadonlyArray<Option> =>
  Array.from({ length: 15 }, (_, index) => ({ value: String(first + index), label: String(first + index) }))
)

/** Autofill tokens are those of the HTML standard, 4.10.18.7. */
const fields: Readonly<Record<CheckoutField, Omit<Field, "name" | "value" | "error">>> = {
  email: {
    label: "E-mail",
    autocomplete: "email",
    type: "email",
    inputmode: "email",
    maxlength: 254,
    hint: "For the confirmation, and nothing else."
  },
  name: { label: "Name", autocomplete: "name", maxlength: 100 },
  street_address: { label: "Street and number", autocomplete: "street-address", maxlength: 200 },
  zip_code: { label: "Postal code", autocomplete: "postal-code", maxlength: 20, optional: true, size: "half" },
  city: { label: "City", autocomplete: "address-level2", maxlength: 100, size: "half" },
  state: { label: "State or province", autocomplete: "address-level1", maxlength: 100, optional: true, size: "half" },
  country: { label: "Country", autocomplete: "country", maxlength: 60, size: "half" },
  credit_card_number: {
    label: "Card number",
    autocomplete: "cc-number",
    inputmode: "numeric",
    maxlength: 40,
    hint: "Spaces are fine."
  },
  credit_card_expiration_month: { label: "Expiry month", autocomplete: "cc-exp-month", size: "half" },
  credit_card_expiration_year: { label: "Expiry year", autocomplete: "cc-exp-year", size: "half" },
  credit_card_cvv: {
    label: "Security code",
    autocomplete: "cc-csc",
    inputmode: "numeric",
    maxlength: 4,
    size: "half",
    hint: "Three digits on the back; four on the front of an American Express."
  }
}
