import type { CartFull, CartUnavailable, QuantityTooLarge } from "@retro/contract/CartService"
import type { Cart, CartItem } from "@retro/domain/Cart"
import type { IdempotencyKey, ProductId, UserId } from "@retro/domain/Ids"
import { Context, Duration, type Effect } from "effect"

/** A cart that nobody asked for or changed this long is gone. */
export const silence = Duration.days(30)

/** How many orders a cart remembers to have bought from it. */
export const rememberedOrders = 32

/**
 * Where carts are kept. Each operation is atomic; those that change the lines make the version grow. A refused operation
 * changes nothing. A user without a cart has an empty one of version 0.
 */
export class CartStore extends Context.Tag("@retro/cartservice/CartStore")<
  CartStore,
  {
    /** Adds to the line of the product, or starts one at the end. */
    readonly add: (userId: UserId, item: CartItem) => Effect.Effect<void, CartFull | QuantityTooLarge | CartUnavailable>
    /** Sets the line of the product, wherever it stands; 0 removes it. */
    readonly set: (
      userId: UserId,
      productId: ProductId,
      quantity: number
    ) => Effect.Effect<void, CartFull | CartUnavailable>
    readonly get: (userId: UserId) => Effect.Effect<Cart, CartUnavailable>
    /** Removes all lines. */
    readonly empty: (userId: UserId) => Effect.Effect<void, CartUnavailable>
    /**
     * The cart, for an order to buy it, and who holds it: the first order that asked and has not bought yet. Where that is
     * `insteadOf`, which came to nothing, this one holds it from now on.
     */
    readonly hold: (
      userId: UserId,
      orderKey: IdempotencyKey,
      insteadOf?: IdempotencyKey
    ) => Effect.Effect<Held, CartUnavailable>
    /**
     * Subtracts what an order bought; the same order again subtracts nothing. What was added since stays. If the order
     * held the cart, nobody does any more.
     */
    readonly removeBought: (
      userId: UserId,
      orderKey: IdempotencyKey,
      lines: ReadonlyArray<CartItem>
    ) => Effect.Effect<void, CartUnavailable>
    /** Fails while carts cannot be reached: what the service's health is. */
    readonly check: Effect.Effect<void, CartUnavailable>
  }
>() {}

/** A cart, and the order that nobody else may buy it before. */
export interface Held {
  readonly cart: Cart
  readonly heldBy: IdempotencyKey
}

/** How many of each product the lines hold altogether. */
export const quantities = (lines: ReadonlyArray<CartItem>): ReadonlyMap<ProductId, number> => {
  const sums = new Map<ProductId, number>()
  for (const { productId, quantity } of lines) sums.set(productId, (sums.get(productId) ?? 0) + quantity)
  return sums
}
