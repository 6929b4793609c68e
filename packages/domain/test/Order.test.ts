import { describe, it } from "@effect/vitest"
import { assertEquals, assertLeft, assertRight, assertTrue, deepStrictEqual, strictEqual } from "@effect/vitest/utils"
import { Arbitrary, Either, FastCheck, Schema } from "effect"
import { CartItem, size } from "../src/Cart.ts"
import type { CurrencyCode } from "../src/Currency.ts"
import * as Json from "../src/Json.ts"
import * as Money from "../src/Money.ts"
import * as Order from "../src/Order.ts"
import { coinOf, currency, int64, money } from "./amounts.ts"

const price = (code: CurrencyCode) =>
  FastCheck.nat(100_000_000).map((coins) => Either.getOrThrow(Money.fromNanos(code, BigInt(coins) * coinOf(code))))

const line = (code: CurrencyCode) =>
  FastCheck.record({ item: Arbitrary.make(CartItem), name: FastCheck.string(), cost: price(code) })

const cart = currency.chain((code) =>
  FastCheck.record({
    code: FastCheck.constant(code),
    lines: FastCheck.array(line(code), { maxLength: 50 }),
    shipping: price(code)
  })
)

/** What a shopper adds up: the digits on the page. */
const digitsShown = (amount: Money.Money) => BigInt(Money.format(amount).replace(/\D/g, ""))

describe("pricing a cart", () => {
  it.prop(
    "in every currency, the lines and the shipping shown make the total shown",
    [cart],
    ([{ code, lines, shipping }]) => {
      const priced = Either.getOrThrow(Order.price(code, lines, shipping))
      const shown = priced.items.reduce(
        (sum, item) => sum + digitsShown(item.lineTotal),
        digitsShown(priced.shippingCost)
      )
      strictEqual(shown, digitsShown(priced.total))
      assertTrue(Money.isPayable(priced.total))
      assertEquals<unknown>(
        Either.right(priced.total),
        Money.sum(code, [...priced.items.map((item) => item.lineTotal), shipping])
      )
    }
  )

  it.prop("R12: a line is its unit price times its quantity", [cart], ([{ code, lines, shipping }]) => {
    const { items } = Either.getOrThrow(Order.price(code, lines, shipping))
    deepStrictEqual(
      items.map(({ item, name }) => ({ item, name })),
      lines.map(({ item, name }) => ({ item, name }))
    )
    for (const { cost, item, lineTotal } of items) {
      strictEqual(digitsShown(lineTotal), digitsShown(cost) * BigInt(item.quantity))
    }
  })

  const three = CartItem.make({ productId: Schema.decodeSync(CartItem.fields.productId)("OLJCESPC7Z"), quantity: 3 })

  it("of another currency is refused", () => {
    const lines = [{ item: three, name: "", cost: money("EUR", 1n) }]
    assertLeft(Order.price("USD", lines, Money.zero("USD")), new Money.CurrencyMismatch({ left: "USD", right: "EUR" }))
    assertLeft(Order.price("EUR", lines, Money.zero("USD")), new Money.CurrencyMismatch({ left: "EUR", right: "USD" }))
  })

  it("D8: beyond what an int64 holds is refused, not wrapped", () =>
    assertLeft(
      Order.price("USD", [{ item: three, name: "", cost: money("USD", int64.max) }], Money.zero("USD")),
      new Money.AmountOutOfRange({ currencyCode: "USD" })
    ))

  it("of no lines is the shipping alone", () =>
    assertRight(
      Either.map(Order.price("USD", [], money("USD", 8n)), ({ total }) => total),
      money("USD", 8n)
    ))
})

it.prop("a cart has as many games as its lines together", [Schema.Array(CartItem)], ([items]) =>
  strictEqual(size(items), items.flatMap(({ quantity }) => Array.from({ length: quantity })).length)
)

const order = Json.codec(Order.Order)

it.prop("an order survives its JSON", [Order.Order], ([value]) => {
  const encoded = Schema.encodeSync(order)(value)
  deepStrictEqual(
    Schema.encodeSync(order)(Schema.decodeUnknownSync(order)(JSON.parse(JSON.stringify(encoded)))),
    encoded
  )
})
