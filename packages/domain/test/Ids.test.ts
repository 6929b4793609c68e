import { describe, it } from "@effect/vitest"
import { assertTrue, strictEqual } from "@effect/vitest/utils"
import { Either, Redacted, Schema } from "effect"
import { CurrencyCode, isCurrencyCode, minorUnitDigits } from "../src/Currency.ts"
import { CartItem } from "../src/Cart.ts"
import { EmailAddress } from "../src/EmailAddress.ts"
import * as Ids from "../src/Ids.ts"
import { Category } from "../src/Product.ts"

const accepts = (schema: Schema.Schema.AnyNoContext, text: string) =>
  Either.isRight(Schema.decodeUnknownEither(schema)(text))

describe("ids", () => {
  it.each<[string, Schema.Schema.AnyNoContext, string, ReadonlyArray<string>]>([
    ["product id", Ids.ProductId, "OLJCESPC7Z", ["", "a b", "a/b", "../x", "x".repeat(33), "é", "x\n", "<script>"]],
    ["user id", Ids.UserId, "0af7651916cd43dd", ["", "a b", "é", "x\u0000", "x\n", "x".repeat(129)]],
    [
      "order id",
      Ids.OrderId,
      "9f86d081-884c-4d65-8a2f-eaa0c55ad015",
      ["", "9f86d081", "9F86D081-884C-4D65-8A2F-EAA0C55AD015", "9f86d081-884c-4d65-8a2f-eaa0c55ad015\n"]
    ],
    ["tracking id", Ids.TrackingId, "RS12345678", ["", "rs12345678", "RS-1234567", "SHORT12", "X".repeat(33)]],
    ["transaction id", Ids.TransactionId, "9f86d081-884c-4d65-8a2f-eaa0c55ad015", ["", "a b", "x".repeat(65)]],
    [
      "idempotency key",
      Ids.IdempotencyKey,
      "order:2026.11-22_a",
      ["", "short", "has space", "x".repeat(129), "key/key/"]
    ],
    ["category", Category, "platformer", ["", "Puzzle", "-x", "a b", "x".repeat(41)]]
  ])("%s: takes its own form and no other", (_what, schema, good, bad) => {
    assertTrue(accepts(schema, good))
    for (const text of bad) assertTrue(!accepts(schema, text), `took ${JSON.stringify(text)}`)
  })

  it.prop("are made by their arbitraries in their own form", [Ids.OrderId, Ids.TrackingId, Ids.IdempotencyKey], (ids) =>
    assertTrue(accepts(Ids.OrderId, ids[0]) && accepts(Ids.TrackingId, ids[1]) && accepts(Ids.IdempotencyKey, ids[2]))
  )

  it("of two kinds do not mix", () => {
    const order = Schema.decodeSync(Ids.OrderId)("9f86d081-884c-4d65-8a2f-eaa0c55ad015")
    // @ts-expect-error: an order is no product
    const product: Ids.ProductId = order
    strictEqual<string>(product, order)
  })
})

describe("a quantity", () => {
  const takes = (quantity: unknown) =>
    Either.isRight(Schema.decodeUnknownEither(CartItem)({ productId: "OLJCESPC7Z", quantity }))

  it.each([1, 99])("D8: %s is one", (quantity) => assertTrue(takes(quantity)))

  it.each([0, -1, 100, 1e9, 4_294_967_295, 1.5, NaN, Infinity, "1", null, undefined])("D8: %s is none", (quantity) =>
    assertTrue(!takes(quantity))
  )
})

describe("an e-mail address", () => {
  it.each(["a@b.c", "someone@example.com", "first.last+tag@sub.example.co.uk", "用户@例子.公司", "o'neil@example.com"])(
    "takes %s",
    (text) => assertTrue(accepts(EmailAddress, text))
  )

  it.each([
    "",
    "example.com",
    "@example.com",
    "a@",
    "a@b@c",
    "a b@c.d",
    "a@b.c\r\nBcc: x@y.z",
    "a@b.c,x@y.z",
    "<a@b.c>",
    `${"a".repeat(65)}@b.c`,
    `a@${"b".repeat(254)}`
  ])("refuses %j", (text) => assertTrue(!accepts(EmailAddress, text)))

  it("D16: does not print", () => {
    const address = Schema.decodeSync(EmailAddress)("someone@example.com")
    assertTrue(!`${String(address)} ${JSON.stringify({ address })}`.includes("someone"))
    strictEqual(Redacted.value(address), "someone@example.com")
  })
})

describe("a currency", () => {
  it.each([
    ["USD", 2],
    ["EUR", 2],
    ["JPY", 0],
    ["KRW", 0],
    ["ISK", 0],
    ["BHD", 3],
    ["KWD", 3],
    ["IQD", 3],
    ["CLF", 4],
    ["HUF", 2],
    ["XCG", 2]
  ] as const)("%s has %i decimals (ISO 4217)", (code, digits) => strictEqual(minorUnitDigits(code), digits))

  it.prop("is three capitals with 0 to 4 decimals", [CurrencyCode], ([code]) => {
    assertTrue(/^[A-Z]{3}$/.test(code) && isCurrencyCode(code))
    assertTrue([0, 2, 3, 4].includes(minorUnitDigits(code)))
  })

  it.each(["", "usd", "XXX", "EURO", "__proto__", "constructor", "DEM", "USD "])("is not %j", (text) =>
    assertTrue(!accepts(CurrencyCode, text))
  )
})
