import { Schema } from "effect"
import { ProductId, UserId } from "./Ids.ts"

/** The most of one product that a cart holds. */
export const maxQuantity = 99

/** The most different products that a cart holds. */
export const maxLines = 50

/** How many of a product: 1 to 99. */
export const Quantity = Schema.Int.pipe(
  Schema.between(1, maxQuantity, { message: () => `not a quantity from 1 to ${maxQuantity}` })
)

/** A product and how many of it. */
export class CartItem extends Schema.Class<CartItem>("CartItem")({
  productId: ProductId,
  quantity: Quantity
}) {}

/** What a shopper means to buy, in the order it was added. */
export class Cart extends Schema.Class<Cart>("Cart")({
  userId: UserId,
  items: Schema.Array(CartItem).pipe(Schema.maxItems(maxLines)),
  /** Grows with every change, so that two equal versions of a cart hold the same lines. */
  version: Schema.Int.pipe(Schema.between(0, 2 ** 32 - 1))
}) {}

/** How many games are in the cart altogether. */
export const size = (items: ReadonlyArray<CartItem>): number => items.reduce((sum, item) => sum + item.quantity, 0)
