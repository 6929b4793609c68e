import { CartFull, CartUnavailable, QuantityTooLarge } from "@retro/contract/CartService"
import { Cart, maxLines, maxQuantity } from "@retro/domain/Cart"
import { IdempotencyKey, type UserId } from "@retro/domain/Ids"
import { Redis, type Script } from "@retro/redis/Redis"
import { Data, Effect, Layer, Metric, ParseResult, Schema } from "effect"
import * as CartScripts from "./CartScripts.ts"
import { CartStore, quantities } from "./CartStore.ts"

/** What Redis holds is no cart: a defect, since only {@link CartScripts} writes there. Names the place, not the value. */
export class CartCorrupt extends Data.TaggedError("CartCorrupt")<{ readonly at: string }> {}

/** Carts in Redis, shared by every process that uses it; {@link CartScripts} says how they are kept. */
export const layerRedis: Layer.Layer<CartStore, never, Redis> = Layer.effect(
  CartStore,
  Effect.map(Redis, (redis) => {
    const ask = (script: Script, userId: UserId, ...args: ReadonlyArray<string | number>) =>
      redis.run(script, [`cart:${userId}`], args).pipe(
        Effect.tapError(() => Metric.increment(Metric.tagged(errors, "operation", script.name))),
        Effect.mapError(() => new CartUnavailable())
      )
    return CartStore.of({
      add: Effect.fnUntraced(function* (userId, { productId, quantity }) {
        const reply = yield* ask(CartScripts.add, userId, productId, quantity)
        if (reply === "CartFull") return yield* new CartFull({ maxLines })
        if (reply === "QuantityTooLarge") return yield* new QuantityTooLarge({ productId, maxQuantity })
        return yield* done(reply)
      }),
      set: Effect.fnUntraced(function* (userId, productId, quantity) {
        const reply = yield* ask(CartScripts.set, userId, productId, quantity)
        if (reply === "CartFull") return yield* new CartFull({ maxLines })
        return yield* done(reply)
      }),
      get: (userId) => Effect.flatMap(ask(CartScripts.get, userId), (reply) => cartFrom(userId, reply)),
      empty: (userId) => Effect.flatMap(ask(CartScripts.empty, userId), done),
      hold: Effect.fnUntraced(function* (userId, orderKey, insteadOf) {
        const reply = yield* ask(CartScripts.hold, userId, orderKey, insteadOf ?? "")
        const [holder, fields] = yield* Effect.orElse(decodeHeld(reply), () => corrupt("its holder"))
        return { cart: yield* cartFrom(userId, fields), heldBy: holder }
      }),
      removeBought: (userId, orderKey, lines) =>
        Effect.flatMap(ask(CartScripts.removeBought, userId, orderKey, ...[...quantities(lines)].flat()), done),
      check: Effect.mapError(redis.ping, () => new CartUnavailable())
    })
  })
)

const errors = Metric.counter("cart_store_errors_total", {
  description: "Operations on carts that the store did not answer.",
  incremental: true
})

const done = (reply: unknown): Effect.Effect<void> => (reply === "OK" ? Effect.void : corrupt("a line"))

const corrupt = (at: string) => Effect.die(new CartCorrupt({ at }))

const decodeHeld = Schema.decodeUnknown(Schema.Tuple(IdempotencyKey, Schema.Array(Schema.String)))
const decodeReply = Schema.decodeUnknown(Schema.Array(Schema.String))
const decodeCart = Schema.decodeUnknown(Cart)

/** The cart that the fields and values of its hash, one after the other, are. */
const cartFrom = (userId: UserId, reply: unknown): Effect.Effect<Cart> =>
  decodeReply(reply).pipe(
    Effect.flatMap((texts) => decodeCart({ userId, ...parse(texts) })),
    Effect.catchAll((error) => corrupt(pathOf(error)))
  )

/** What is no number becomes NaN, which no cart has. */
const parse = (texts: ReadonlyArray<string>) => {
  const lines: Array<{ readonly added: number; readonly productId: string; readonly quantity: number }> = []
  let version = 0
  for (let index = 0; index + 1 < texts.length; index += 2) {
    const [field = "", value = ""] = texts.slice(index, index + 2)
    if (field === "v") version = /^\d+$/.test(value) ? Number(value) : NaN
    if (!field.startsWith("l:")) continue
    const [, added, quantity] = /^(\d+):(\d+)$/.exec(value) ?? []
    lines.push({ added: Number(added), productId: field.slice(2), quantity: Number(quantity) })
  }
  return { version, items: lines.sort((a, b) => a.added - b.added) }
}

const pathOf = (error: ParseResult.ParseError): string =>
  ParseResult.ArrayFormatter.formatErrorSync(error)[0]?.path.map(String).join(".") ?? ""
