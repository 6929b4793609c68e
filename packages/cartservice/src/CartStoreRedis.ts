import { CartFull, CartUnavailable, QuantityTooLarge } from "@retro/contract/CartService"
import { Cart, maxLines, maxQuantity } from "@retro/domain/Cart"
import type { UserId } from "@retro/domain/Ids"
import { type ConfigError, Data, Effect, Layer, ParseResult, Schema } from "effect"
import type { Cluster, Redis, Result } from "ioredis"
import * as CartScripts from "./CartScripts.ts"
import { CartStore, quantities } from "./CartStore.ts"
import * as RedisAddress from "./RedisAddress.ts"
import * as RedisClient from "./RedisClient.ts"

declare module "ioredis" {
  interface RedisCommander<Context> {
    cartAdd(key: string, productId: string, quantity: number): Result<unknown, Context>
    cartSet(key: string, productId: string, quantity: number): Result<unknown, Context>
    cartGet(key: string): Result<unknown, Context>
    cartEmpty(key: string): Result<unknown, Context>
    cartRemoveBought(key: string, orderKey: string, ...lines: ReadonlyArray<string | number>): Result<unknown, Context>
  }
}

/** What Redis holds is no cart: a defect, since only {@link CartScripts} writes there. Names the place, not the value. */
export class CartCorrupt extends Data.TaggedError("CartCorrupt")<{ readonly at: string }> {}

/** Carts in the Redis at `REDIS_ADDR`, shared by every process that uses it; {@link CartScripts} says how they are kept. */
export const layerRedis: Layer.Layer<CartStore, ConfigError.ConfigError> = Layer.scoped(
  CartStore,
  RedisAddress.config.pipe(Effect.flatMap(RedisClient.connect), Effect.map(make))
)

function make(client: Redis | Cluster): typeof CartStore.Service {
  const ask = asking(client)
  return CartStore.of({
    add: Effect.fnUntraced(function* (userId, { productId, quantity }) {
      const reply = yield* ask(() => client.cartAdd(keyOf(userId), productId, quantity))
      if (reply === "CartFull") return yield* new CartFull({ maxLines })
      if (reply === "QuantityTooLarge") return yield* new QuantityTooLarge({ productId, maxQuantity })
      return yield* done(reply)
    }),
    set: Effect.fnUntraced(function* (userId, productId, quantity) {
      const reply = yield* ask(() => client.cartSet(keyOf(userId), productId, quantity))
      if (reply === "CartFull") return yield* new CartFull({ maxLines })
      return yield* done(reply)
    }),
    get: Effect.fnUntraced(function* (userId) {
      return yield* cartFrom(userId, yield* ask(() => client.cartGet(keyOf(userId))))
    }),
    empty: Effect.fnUntraced(function* (userId) {
      return yield* done(yield* ask(() => client.cartEmpty(keyOf(userId))))
    }),
    removeBought: Effect.fnUntraced(function* (userId, orderKey, lines) {
      const bought = [...quantities(lines)].flat()
      return yield* done(yield* ask(() => client.cartRemoveBought(keyOf(userId), orderKey, ...bought)))
    }),
    check: Effect.asVoid(ask(() => client.ping()))
  })
}

const keyOf = (userId: UserId): string => `cart:${userId}`

/** Teaches the client the scripts; what it then cannot answer is unavailable. */
const asking = (client: Redis | Cluster) => {
  client.defineCommand("cartAdd", { numberOfKeys: 1, lua: CartScripts.add })
  client.defineCommand("cartSet", { numberOfKeys: 1, lua: CartScripts.set })
  client.defineCommand("cartGet", { numberOfKeys: 1, lua: CartScripts.get })
  client.defineCommand("cartEmpty", { numberOfKeys: 1, lua: CartScripts.empty })
  client.defineCommand("cartRemoveBought", { numberOfKeys: 1, lua: CartScripts.removeBought })
  return (command: () => Promise<unknown>): Effect.Effect<unknown, CartUnavailable> =>
    Effect.tryPromise({ try: command, catch: RedisClient.describe }).pipe(
      Effect.catchAll((reason) =>
        Effect.zipRight(Effect.logWarning(`no answer from Redis: ${reason}`), new CartUnavailable())
      )
    )
}

const done = (reply: unknown): Effect.Effect<void> =>
  reply === "OK" ? Effect.void : Effect.die(new CartCorrupt({ at: "a line" }))

const decodeReply = Schema.decodeUnknown(Schema.Array(Schema.String))
const decodeCart = Schema.decodeUnknown(Cart)

/** The cart that the fields and values of its hash, one after the other, are. */
const cartFrom = (userId: UserId, reply: unknown): Effect.Effect<Cart> =>
  decodeReply(reply).pipe(
    Effect.flatMap((texts) => decodeCart({ userId, ...parse(texts) })),
    Effect.catchAll((error) => Effect.die(new CartCorrupt({ at: pathOf(error) })))
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
