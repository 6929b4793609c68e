import { describe, it } from "@effect/vitest"
import { assertEquals, assertLeft, deepStrictEqual } from "@effect/vitest/utils"
import { CartFull, CartService, QuantityTooLarge } from "@retro/contract/CartService"
import { type Cart, CartItem, maxLines, maxQuantity } from "@retro/domain/Cart"
import { IdempotencyKey, ProductId, UserId } from "@retro/domain/Ids"
import { Effect, type Layer, Logger, LogLevel } from "effect"
import { rememberedOrders } from "../src/CartStore.ts"

export const product = (name: string) => ProductId.make(name)
export const item = (name: string, quantity: number) => new CartItem({ productId: product(name), quantity })
export const orderKey = (n: number) => IdempotencyKey.make(`order-key-${n}`)

/** Without the log lines that an outage makes. */
export const quiet = Logger.withMinimumLogLevel(LogLevel.None)

let users = 0
/** Nobody has had this user id before. */
export const newUser = () => UserId.make(`user-${process.pid}-${++users}`)

/** The lines of a cart as text: "A×2 B×1". */
export const shown = (cart: Cart) => cart.items.map(({ productId, quantity }) => `${productId}×${quantity}`).join(" ")

/** A shopper with a cart of their own. */
const shopper = Effect.map(CartService, (service) => {
  const userId = newUser()
  return {
    userId,
    add: (name: string, quantity: number) => service.addItem({ userId, item: item(name, quantity) }),
    set: (name: string, quantity: number) => service.setQuantity({ userId, productId: product(name), quantity }),
    buy: (order: number, ...lines: ReadonlyArray<CartItem>) =>
      service.removeBought({ userId, orderKey: orderKey(order), lines }),
    hold: (order: number, insteadOf?: number) =>
      Effect.map(
        service.holdCart({
          userId,
          orderKey: orderKey(order),
          insteadOf: insteadOf === undefined ? undefined : orderKey(insteadOf)
        }),
        ({ cart, heldBy }) => `${heldBy} holds ${shown(cart)}`
      ),
    empty: service.emptyCart({ userId }),
    cart: service.getCart({ userId }),
    lines: Effect.map(service.getCart({ userId }), shown),
    version: Effect.map(service.getCart({ userId }), ({ version }) => version)
  }
})

/** What every cart service promises, whatever keeps its carts and however it is reached. */
export const suite = <E>(name: string, layer: Layer.Layer<CartService, E>) =>
  describe(`cartservice, ${name}`, () => {
    it.layer(layer)((it) => {
      it.effect("gives an unknown user an empty cart", () =>
        Effect.gen(function* () {
          const { cart, userId } = yield* shopper
          const { items, version, ...rest } = yield* cart
          deepStrictEqual([rest.userId, items, version], [userId, [], 0])
        })
      )

      it.effect("adds to the quantity and keeps the lines in the order they were added in", () =>
        Effect.gen(function* () {
          const { add, lines, set } = yield* shopper
          yield* add("Z9", 1)
          yield* add("A1", 2)
          yield* add("M5", 3)
          yield* add("Z9", 4)
          yield* set("A1", 7)
          assertEquals(yield* lines, "Z9×5 A1×7 M5×3")
          yield* set("Z9", 0)
          yield* add("Z9", 1)
          assertEquals(yield* lines, "A1×7 M5×3 Z9×1")
        })
      )

      it.effect("D8: refuses more than 99 of one product, and keeps what was there", () =>
        Effect.gen(function* () {
          const { add, lines, version } = yield* shopper
          yield* add("A", 60)
          const refusal = new QuantityTooLarge({ productId: product("A"), maxQuantity })
          assertLeft(yield* Effect.either(add("A", 40)), refusal)
          assertEquals(yield* lines, "A×60")
          assertEquals(yield* version, 1)
          yield* add("A", 39)
          assertEquals(yield* lines, "A×99")
        })
      )

      it.effect("refuses a fifty-first product, by adding and by setting, and keeps what was there", () =>
        Effect.gen(function* () {
          const { add, buy, cart, hold, lines, set } = yield* shopper
          yield* buy(1)
          yield* hold(2)
          for (let n = 0; n < maxLines; n++) yield* add(`P${n}`, 1)
          const before = yield* lines
          assertLeft(yield* Effect.either(add("X", 1)), new CartFull({ maxLines }))
          assertLeft(yield* Effect.either(set("X", 1)), new CartFull({ maxLines }))
          assertEquals(yield* lines, before)
          yield* add("P0", 1)
          yield* set("P1", 5)
          assertEquals((yield* cart).items.length, maxLines)
        })
      )

      it.effect("sets a line, starts one, and removes one with zero", () =>
        Effect.gen(function* () {
          const { lines, set } = yield* shopper
          yield* set("A", 3)
          yield* set("B", 99)
          yield* set("A", 0)
          yield* set("C", 0)
          assertEquals(yield* lines, "B×99")
        })
      )

      it.effect("grows the version with every change, and only then", () =>
        Effect.gen(function* () {
          const { add, buy, empty, set, version } = yield* shopper
          const changes = [add("A", 5), add("A", 1), set("A", 3), set("B", 1), set("B", 0), buy(1, item("A", 1)), empty]
          for (const [index, change] of changes.entries()) {
            yield* change
            assertEquals(yield* version, index + 1)
          }
          yield* add("A", 2)
          for (const same of [set("A", 2), set("C", 0), buy(1, item("A", 1)), buy(2, item("C", 1)), buy(3)]) {
            yield* same
            assertEquals(yield* version, changes.length + 1)
          }
        })
      )

      it.effect("does not count from the start again when a cart is emptied", () =>
        Effect.gen(function* () {
          const { add, empty, lines, version } = yield* shopper
          yield* add("A", 1)
          yield* empty
          yield* empty
          assertEquals(yield* lines, "")
          assertEquals(yield* version, 2)
          yield* add("A", 1)
          assertEquals(yield* version, 3)
        })
      )

      it.effect("D6, R8: takes out what an order bought and keeps what was added since", () =>
        Effect.gen(function* () {
          const { add, buy, lines } = yield* shopper
          yield* add("A", 2)
          yield* add("B", 1)
          yield* add("A", 1)
          yield* add("C", 4)
          yield* buy(1, item("A", 2), item("B", 1))
          assertEquals(yield* lines, "A×1 C×4")
        })
      )

      it.effect("D6, R1, R8: takes out what an order bought once, however often it is asked to", () =>
        Effect.gen(function* () {
          const { add, buy, empty, lines } = yield* shopper
          yield* add("A", 5)
          yield* Effect.replicateEffect(buy(1, item("A", 2)), 3)
          assertEquals(yield* lines, "A×3")
          yield* buy(2, item("A", 1))
          yield* empty
          yield* add("A", 5)
          yield* buy(1, item("A", 2))
          yield* buy(2, item("A", 1))
          assertEquals(yield* lines, "A×5")
        })
      )

      it.effect("D6: remembers an order that found nothing to take out", () =>
        Effect.gen(function* () {
          const { add, buy, lines } = yield* shopper
          yield* buy(1, item("A", 2))
          yield* add("A", 5)
          yield* buy(1, item("A", 2))
          assertEquals(yield* lines, "A×5")
        })
      )

      it.effect("takes out a product that an order names twice, twice, and never less than nothing", () =>
        Effect.gen(function* () {
          const { add, buy, lines } = yield* shopper
          yield* add("A", 5)
          yield* add("B", 1)
          yield* buy(1, item("A", 2), item("B", 9), item("A", 2))
          assertEquals(yield* lines, "A×1")
        })
      )

      it.effect(`R8: remembers the last ${rememberedOrders} orders and no more`, () =>
        Effect.gen(function* () {
          const { add, buy, lines } = yield* shopper
          yield* add("A", 99)
          for (let n = 0; n <= rememberedOrders; n++) yield* buy(n, item("A", 1))
          const left = 99 - rememberedOrders - 1
          yield* buy(1, item("A", 1))
          yield* buy(rememberedOrders, item("A", 1))
          assertEquals(yield* lines, `A×${left}`)
          yield* buy(0, item("A", 1))
          assertEquals(yield* lines, `A×${left - 1}`)
        })
      )

      it.effect("is held by the first order that asks, and told to others, until that one has bought", () =>
        Effect.gen(function* () {
          const { add, buy, empty, hold, version } = yield* shopper
          yield* add("A", 2)
          for (const order of [1, 2, 1]) assertEquals(yield* hold(order), `${orderKey(1)} holds A×2`)
          yield* add("B", 1)
          yield* buy(2, item("B", 1))
          assertEquals(yield* hold(2), `${orderKey(1)} holds A×2`)
          yield* buy(1, item("A", 1))
          assertEquals(yield* hold(2), `${orderKey(2)} holds A×1`)
          yield* buy(1, item("A", 1))
          yield* empty
          assertEquals(yield* hold(3), `${orderKey(2)} holds `)
          assertEquals(yield* version, 5)
        })
      )

      it.effect("is held by another order instead of one that came to nothing, and by no third instead", () =>
        Effect.gen(function* () {
          const { add, hold } = yield* shopper
          yield* add("A", 2)
          yield* hold(1)
          assertEquals(yield* hold(2, 1), `${orderKey(2)} holds A×2`)
          assertEquals(yield* hold(3, 1), `${orderKey(2)} holds A×2`)
          assertEquals(yield* hold(1, 1), `${orderKey(2)} holds A×2`)
        })
      )

      it.effect("keeps one user's cart from another's", () =>
        Effect.gen(function* () {
          const [one, other] = [yield* shopper, yield* shopper]
          yield* one.add("A", 1)
          yield* other.add("B", 2)
          yield* other.empty
          assertEquals(yield* one.lines, "A×1")
          assertEquals(yield* other.lines, "")
        })
      )

      it.effect("D26: loses no item that is added at the same time as others", () =>
        Effect.gen(function* () {
          const { add, lines, version } = yield* shopper
          yield* Effect.all(Effect.replicate(add("A", 1), 99), { concurrency: "unbounded" })
          assertEquals(yield* lines, "A×99")
          assertEquals(yield* version, 99)
        })
      )
    })
  })
