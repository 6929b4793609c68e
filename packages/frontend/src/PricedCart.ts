import type { Cart } from "@retro/domain/Cart"
import type { CurrencyCode } from "@retro/domain/Currency"
import type { ProductId } from "@retro/domain/Ids"
import * as Money from "@retro/domain/Money"
import * as Order from "@retro/domain/Order"
import type { Product } from "@retro/domain/Product"
import { Either, Option } from "effect"
import type { CartModel } from "./views/Models.ts"

/** What is known of a cart's games and prices; all amounts in the shopper's currency and payable. */
export interface Known {
  readonly products: ReadonlyMap<ProductId, Product>
  readonly prices: ReadonlyMap<ProductId, Money.Money>
  readonly shippingCost: Money.Money | undefined
}

/** The lines of a cart and its total; the total only when every line's price and the shipping are known. */
export const make = (cart: Cart, code: CurrencyCode, known: Known): Pick<CartModel, "lines" | "total"> => {
  const lines = cart.items.flatMap((item): ReadonlyArray<Order.Line> => {
    const cost = known.prices.get(item.productId)
    const product = known.products.get(item.productId)
    return cost === undefined || product === undefined ? [] : [{ item, name: product.name, cost }]
  })
  const priced = Either.getRight(Order.price(code, lines, known.shippingCost ?? Money.zero(code)))
  const items = Option.match(priced, { onNone: () => [], onSome: ({ items }) => items })
  const lineTotals = new Map(items.map(({ item, lineTotal }) => [item.productId, lineTotal]))
  const isWhole = lines.length === cart.items.length && known.shippingCost !== undefined
  return {
    lines: cart.items.map(({ productId, quantity }) => ({
      productId,
      product: known.products.get(productId) ?? null,
      quantity,
      price: known.prices.get(productId) ?? null,
      lineTotal: lineTotals.get(productId) ?? null
    })),
    total: isWhole ? Option.getOrNull(Option.map(priced, ({ total }) => total)) : null
  }
}
