import { CartService } from "@retro/contract/CartService"
import { Effect, Layer } from "effect"
import { CartStore } from "./CartStore.ts"

/** Answers for the carts in the store. */
export const layer: Layer.Layer<CartService, never, CartStore> = Layer.effect(
  CartService,
  Effect.map(CartStore, (store) =>
    CartService.of({
      addItem: ({ item, userId }) => store.add(userId, item),
      getCart: ({ userId }) => store.get(userId),
      emptyCart: ({ userId }) => store.empty(userId),
      setQuantity: ({ productId, quantity, userId }) => store.set(userId, productId, quantity),
      holdCart: ({ insteadOf, orderKey, userId }) => store.hold(userId, orderKey, insteadOf),
      removeBought: ({ lines, orderKey, userId }) => store.removeBought(userId, orderKey, lines)
    })
  )
)
