import * as Shopper from "./Shopper.ts"

/** Cards that the mock issuer knows. */
export const cards = { approved: "4432801561520454", insufficientFunds: "4432801561520512" } as const

/** Somebody with an address, and a card that pays: what is typed into the order form. */
export const typed = {
  email: "someone@example.com",
  street_address: "1 Main St",
  zip_code: "01234",
  city: "Springfield",
  state: "",
  country: "US",
  credit_card_number: cards.approved,
  credit_card_expiration_month: "1",
  credit_card_expiration_year: "2039",
  credit_card_cvv: "672"
}

/** The order form of a cart page as a browser would send it: what the page hides in it, and what is typed. */
export const of = (cart: Shopper.Page, changes: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  ...Shopper.hidden(cart, "/cart/checkout"),
  ...typed,
  ...changes
})

/** The total that the form of a cart page carries, in billionths of its currency's unit. */
export const shownTotal = (cart: Shopper.Page): bigint =>
  BigInt(Shopper.hidden(cart, "/cart/checkout")["shown_total"] ?? "")
