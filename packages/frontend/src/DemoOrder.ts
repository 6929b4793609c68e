import type { CheckoutForm } from "./views/Models.ts"

/** Fills the checkout form in development: an invented person, and a card that the mock issuer approves. */
export const values: CheckoutForm["values"] = {
  email: "ada@example.com",
  name: "Ada Sprite",
  street_address: "8 Bitmap Crescent",
  zip_code: "94043",
  city: "Mountain View",
  state: "CA",
  country: "US",
  credit_card_number: "4432 8015 6152 0454",
  credit_card_expiration_month: "1",
  credit_card_expiration_year: "2039",
  credit_card_cvv: "672"
}
