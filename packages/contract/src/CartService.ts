import { Rpc } from "@effect/rpc"
import { Cart, CartItem, maxLines, maxQuantity } from "@retro/domain/Cart"
import { IdempotencyKey, ProductId, UserId } from "@retro/domain/Ids"
import { Schema } from "effect"
import * as Contract from "./Contract.ts"
import { CartServiceService } from "./generated/retrostation/cart.ts"
import { Failure } from "./Status.ts"

/** The cart already holds as many different products as a cart can. */
export class CartFull extends Failure<CartFull>()(
  "CartFull",
  { grpc: "RESOURCE_EXHAUSTED", http: 422 },
  {
    maxLines: Schema.Int
  }
) {}

/** With what the cart holds already it would be more than one line can. */
export class QuantityTooLarge extends Failure<QuantityTooLarge>()(
  "QuantityTooLarge",
  { grpc: "FAILED_PRECONDITION", http: 422 },
  { productId: ProductId, maxQuantity: Schema.Int }
) {}

/** The store of the carts does not answer. Nothing is known to have changed. */
export class CartUnavailable extends Failure<CartUnavailable>()(
  "CartUnavailable",
  { grpc: "UNAVAILABLE", http: 503 },
  {}
) {}

/** Carts by user. Lines keep the order they were added in; a cart nobody touches for 30 days is gone. */
export class CartService extends Contract.Tag<CartService>()(
  "CartService",
  CartServiceService,
  Rpc.make("addItem", {
    payload: { userId: UserId, item: CartItem },
    success: Contract.Empty,
    error: Schema.Union(CartFull, QuantityTooLarge, CartUnavailable)
  }),
  Rpc.make("getCart", { payload: { userId: UserId }, success: Cart, error: CartUnavailable }).annotate(
    Contract.Idempotent,
    true
  ),
  Rpc.make("emptyCart", { payload: { userId: UserId }, success: Contract.Empty, error: CartUnavailable }).annotate(
    Contract.Idempotent,
    true
  ),
  Rpc.make("setQuantity", {
    payload: { userId: UserId, productId: ProductId, quantity: Schema.Int.pipe(Schema.between(0, maxQuantity)) },
    success: Contract.Empty,
    error: Schema.Union(CartFull, CartUnavailable)
  }).annotate(Contract.Idempotent, true),
  Rpc.make("holdCart", {
    payload: { userId: UserId, orderKey: IdempotencyKey, insteadOf: Contract.orEmpty(IdempotencyKey) },
    success: Schema.Struct({ cart: Cart, heldBy: IdempotencyKey }),
    error: CartUnavailable
  }).annotate(Contract.Idempotent, true),
  Rpc.make("removeBought", {
    payload: {
      userId: UserId,
      orderKey: IdempotencyKey,
      lines: Schema.Array(CartItem).pipe(Schema.maxItems(maxLines))
    },
    success: Contract.Empty,
    error: CartUnavailable
  })
    .annotate(Contract.Idempotent, true)
    .annotate(Contract.Completes, true)
) {}
