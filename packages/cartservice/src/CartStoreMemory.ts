import { CartFull, QuantityTooLarge } from "@retro/contract/CartService"
import { Cart, CartItem, maxLines, maxQuantity } from "@retro/domain/Cart"
import type { IdempotencyKey, ProductId, UserId } from "@retro/domain/Ids"
import { Clock, Duration, Effect, Either, Layer } from "effect"
import { CartStore, quantities, rememberedOrders, silence } from "./CartStore.ts"

/** A cart, the order that holds it, and those that bought from it, the latest last. */
interface Stored {
  readonly cart: Cart
  readonly heldBy: IdempotencyKey | undefined
  readonly bought: ReadonlyArray<IdempotencyKey>
}

/** Carts of this process alone: they end with it. */
export const layerMemory: Layer.Layer<CartStore> = Layer.sync(CartStore, () => {
  const change = changeIn(new Map())
  return CartStore.of({
    add: (userId, item) => Effect.asVoid(change(userId, (stored) => add(stored, item))),
    set: (userId, productId, quantity) => Effect.asVoid(change(userId, (stored) => set(stored, productId, quantity))),
    get: (userId) => Effect.map(change(userId, Either.right), ({ cart }) => cart),
    empty: (userId) => Effect.asVoid(change(userId, (stored) => Either.right(withItems(stored, [])))),
    hold: (userId, orderKey, insteadOf) =>
      Effect.map(
        change(userId, (stored) => Either.right(hold(stored, orderKey, insteadOf))),
        ({ cart, heldBy = orderKey }) => ({ cart, heldBy })
      ),
    removeBought: (userId, orderKey, lines) =>
      Effect.asVoid(change(userId, (stored) => Either.right(removeBought(stored, orderKey, lines)))),
    check: Effect.void
  })
})

/**
 * One step on the cart of a user, at the present moment. The map stays in the order of the last touch, so that carts that
 * have been silent for too long are found at its front.
 */
const changeIn =
  (carts: Map<UserId, Stored & { readonly touchedAt: number }>) =>
  <E>(userId: UserId, step: (stored: Stored) => Either.Either<Stored, E>): Effect.Effect<Stored, E> =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      for (const [silent, { touchedAt }] of carts) {
        if (now - touchedAt < Duration.toMillis(silence)) break
        carts.delete(silent)
      }
      const before: Stored = carts.get(userId) ?? nothing(userId)
      const after = step(before)
      const stored = Either.getOrElse(after, () => before)
      carts.delete(userId)
      const { bought, cart, heldBy } = stored
      if (cart.version > 0 || bought.length > 0 || heldBy !== undefined)
        carts.set(userId, { cart, heldBy, bought, touchedAt: now })
      return after
    })

const nothing = (userId: UserId): Stored => ({
  cart: new Cart({ userId, items: [], version: 0 }),
  heldBy: undefined,
  bought: []
})

const withItems = (stored: Stored, items: ReadonlyArray<CartItem>): Stored =>
  items.length === 0 && stored.cart.items.length === 0
    ? stored
    : { ...stored, cart: new Cart({ userId: stored.cart.userId, items, version: stored.cart.version + 1 }) }

const withLine = (stored: Stored, line: CartItem): Either.Either<Stored, CartFull> => {
  const { items } = stored.cart
  if (items.some(({ productId }) => productId === line.productId)) {
    return Either.right(
      withItems(
        stored,
        items.map((item) => (item.productId === line.productId ? line : item))
      )
    )
  }
  return items.length < maxLines
    ? Either.right(withItems(stored, [...items, line]))
    : Either.left(new CartFull({ maxLines }))
}

const quantityOf = (stored: Stored, productId: ProductId): number =>
  stored.cart.items.find((item) => item.productId === productId)?.quantity ?? 0

const add = (stored: Stored, { productId, quantity }: CartItem): Either.Either<Stored, CartFull | QuantityTooLarge> => {
  const sum = quantityOf(stored, productId) + quantity
  return sum > maxQuantity
    ? Either.left(new QuantityTooLarge({ productId, maxQuantity }))
    : withLine(stored, new CartItem({ productId, quantity: sum }))
}

const set = (stored: Stored, productId: ProductId, quantity: number): Either.Either<Stored, CartFull> => {
  if (quantityOf(stored, productId) === quantity) return Either.right(stored)
  return quantity > 0
    ? withLine(stored, new CartItem({ productId, quantity }))
    : Either.right(
        withItems(
          stored,
          stored.cart.items.filter((item) => item.productId !== productId)
        )
      )
}

const hold = (stored: Stored, orderKey: IdempotencyKey, insteadOf: IdempotencyKey | undefined): Stored =>
  stored.heldBy === undefined || stored.heldBy === insteadOf ? { ...stored, heldBy: orderKey } : stored

const removeBought = (held: Stored, orderKey: IdempotencyKey, lines: ReadonlyArray<CartItem>): Stored => {
  const stored = held.heldBy === orderKey ? { ...held, heldBy: undefined } : held
  if (stored.bought.includes(orderKey)) return stored
  const bought = [...stored.bought, orderKey].slice(-rememberedOrders)
  const sums = quantities(lines)
  if (!stored.cart.items.some(({ productId }) => sums.has(productId))) return { ...stored, bought }
  const items = stored.cart.items.flatMap(({ productId, quantity }) => {
    const left = quantity - (sums.get(productId) ?? 0)
    return left > 0 ? [new CartItem({ productId, quantity: left })] : []
  })
  return { ...withItems(stored, items), bought }
}
