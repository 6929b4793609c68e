import type { Brand } from "@retro/domain/CreditCard"

/** A card's network as people write it; of one we do not know there is only a card. */
export const label = (brand: string): string => labels.get(brand) ?? "Card"

const names: Readonly<Record<Brand, string>> = {
  visa: "Visa",
  mastercard: "Mastercard",
  amex: "American Express",
  discover: "Discover",
  jcb: "JCB",
  diners: "Diners Club"
}

const labels: ReadonlyMap<string, string> = new Map(Object.entries(names))
