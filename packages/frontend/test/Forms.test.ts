import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual, strictEqual } from "@effect/vitest/utils"
import { Effect, FastCheck } from "effect"
import { type Answer, browser, open } from "./Browser.ts"

const hostile = [
  "",
  " ",
  "0x10",
  "abc",
  "NaN",
  "Infinity",
  "-1",
  "1.5",
  "1e9",
  "1e1",
  "1000000000",
  "4294967297",
  "99999999999999999999",
  "１",
  "٣",
  "null",
  "[object Object]",
  "<script>alert(1)</script>",
  "' OR 1=1 --",
  "\u0000",
  "a\r\nb",
  "\u202Egame",
  "😀".repeat(200),
  "x".repeat(20_000)
]

/** No answer to bad input is a server's error or anything but a page. */
const isPage = ({ body, headers, status }: Answer) =>
  status < 500 &&
  (status === 303 || (body.startsWith("<!doctype html>") && headers.get("content-type") === "text/html; charset=utf-8"))

describe("bad input", () => {
  it.scopedLive(
    "D8: no quantity but a whole number from 1 to 99 goes into a cart, and the page says so beside it",
    () =>
      Effect.gen(function* () {
        const shop = yield* open()
        const { get, post } = browser(shop)
        yield* post("/cart", { product_id: "66VCHSJNUP", quantity: "2" })
        const before = structuredClone([...shop.tiers.carts])
        for (const quantity of [...hostile, "0", "100"]) {
          const answer = yield* post("/cart", { product_id: "OLJCESPC7Z", quantity })
          deepStrictEqual([quantity, answer.status], [quantity, 422])
          assertTrue(answer.body.includes('id="quantity-error"') && answer.body.includes("Skarn Light"))
        }
        deepStrictEqual(structuredClone([...shop.tiers.carts]), before)
        for (const [quantity, shown] of [
          ["99", 101],
          [" 3 ", 104]
        ] as const) {
          yield* post("/cart", { product_id: quantity === "99" ? "OLJCESPC7Z" : "1YMWWN1N4O", quantity })
          assertTrue((yield* get("/")).body.includes(`${shown}<span`))
        }
      })
  )

  it.scopedLive("D8: a line is set to a whole number from 0 to 99, and stays as it was otherwise", () =>
    Effect.gen(function* () {
      const shop = yield* open()
      const { post } = browser(shop)
      yield* post("/cart", { product_id: "66VCHSJNUP", quantity: "2" })
      const before = structuredClone([...shop.tiers.carts])
      for (const quantity of [...hostile, "100"]) {
        const answer = yield* post("/cart/update", { product_id: "66VCHSJNUP", quantity })
        deepStrictEqual([quantity, answer.status], [quantity, 422])
        assertTrue(/quantity/i.test(answer.body) && answer.body.includes("Tin Weather"))
      }
      deepStrictEqual(structuredClone([...shop.tiers.carts]), before)
    })
  )

  it.scopedLive("what was typed as the quantity is there again", () =>
    Effect.gen(function* () {
      const { post } = browser(yield* open())
      assertTrue(
        (yield* post("/cart", { product_id: "OLJCESPC7Z", quantity: "a dozen" })).body.includes('value="a dozen"')
      )
    })
  )

  it.scopedLive("a cart that cannot hold more says so beside the quantity", () =>
    Effect.gen(function* () {
      const { post } = browser(yield* open())
      yield* post("/cart", { product_id: "OLJCESPC7Z", quantity: "98" })
      const { body, status } = yield* post("/cart", { product_id: "OLJCESPC7Z", quantity: "2" })
      strictEqual(status, 422)
      assertTrue(/quantity-error">[^<]*99/.test(body))
    })
  )

  it.scopedLive("D21: a game that nobody sells is a 404, in a cart's form too", () =>
    Effect.gen(function* () {
      const shop = yield* open()
      const { get, post } = browser(shop)
      strictEqual((yield* get("/product/NOSUCHGAME")).status, 404)
      strictEqual((yield* post("/cart", { product_id: "NOSUCHGAME", quantity: "1" })).status, 404)
      strictEqual((yield* post("/cart", { product_id: "NOSUCHGAME", quantity: "none" })).status, 404)
      strictEqual((yield* post("/cart/update", { product_id: "NOSUCHGAME", quantity: "1" })).status, 404)
      strictEqual(shop.tiers.carts.size, 0)
    })
  )

  const forms: ReadonlyArray<readonly [path: string, fields: ReadonlyArray<string>]> = [
    ["/cart", ["product_id", "quantity"]],
    ["/cart/update", ["product_id", "quantity"]],
    ["/setCurrency", ["currency_code"]],
    ["/setTheme", ["theme"]]
  ]
  const good: Record<string, string> = { product_id: "OLJCESPC7Z", quantity: "1", currency_code: "EUR", theme: "dark" }

  it.scopedLive("every field of every form refuses what it cannot be, by its name", () =>
    Effect.gen(function* () {
      const shop = yield* open()
      const { cookies, get, post } = browser(shop)
      yield* get("/")
      const before = new Map(cookies)
      for (const [path, fields] of forms) {
        for (const field of fields) {
          for (const value of hostile) {
            const answer = yield* post(path, { ...good, [field]: value })
            const isUnknownGame = field === "product_id" && /^[\w-]{1,32}$/.test(value)
            deepStrictEqual([path, field, value, answer.status], [path, field, value, isUnknownGame ? 404 : 422])
            assertTrue(isPage(answer) && (isUnknownGame || new RegExp(field, "i").test(answer.body)))
            assertTrue(!answer.body.includes("<script>alert"))
          }
        }
      }
      deepStrictEqual([shop.tiers.carts.size, cookies], [0, before])
    })
  )

  it.scopedLive("a field that is sent twice, or that is not encoded as forms are, is refused by its name", () =>
    Effect.gen(function* () {
      const shop = yield* open()
      const { post } = browser(shop)
      for (const [path, fields] of forms) {
        for (const field of fields) {
          const rest = new URLSearchParams(good).toString()
          const twice = yield* post(path, `${rest}&${field}=${good[field]}`)
          strictEqual(twice.status, 422)
          assertTrue(new RegExp(field, "i").test(twice.body))
          for (const bytes of ["%", "%zz", "%ff", "%C3%28", "%ED%A0%80"]) {
            const broken = yield* post(path, `${field}=${bytes}`)
            strictEqual(broken.status, 400)
            assertTrue(broken.body.includes(`${field}: `))
          }
        }
      }
      strictEqual(shop.tiers.carts.size, 0)
    })
  )

  it.scopedLive("raw bytes are refused unless they are UTF-8", () =>
    Effect.gen(function* () {
      const { send } = browser(yield* open())
      const post = (body: Uint8Array) =>
        send("/cart", { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body })
      strictEqual((yield* post(Buffer.from("product_id=OLJCESPC7Z&quantity=1&x=é"))).status, 303)
      const latin1 = yield* post(Buffer.from("product_id=OLJCESPC7Z&quantity=é", "latin1"))
      deepStrictEqual([latin1.status, latin1.body.includes("quantity: ")], [400, true])
    })
  )

  it.scopedLive("what is no form is not read, and what is too large is not kept", () =>
    Effect.gen(function* () {
      const shop = yield* open()
      const { get, post } = browser(shop)
      for (const type of ["application/json", "multipart/form-data; boundary=x", "text/plain"]) {
        strictEqual(
          (yield* post("/cart", '{"product_id":"OLJCESPC7Z","quantity":1}', { "content-type": type })).status,
          415
        )
      }
      const large = yield* post("/cart", `product_id=OLJCESPC7Z&quantity=1&x=${"y".repeat(1_000_000)}`)
      strictEqual(large.status, 413)
      assertTrue(isPage(large))
      strictEqual(shop.tiers.carts.size, 0)
      strictEqual((yield* get("/")).status, 200)
    })
  )

  it.scopedLive(
    "whatever is sent anywhere, no answer is a server's error",
    () =>
      Effect.gen(function* () {
        const shop = yield* open()
        const { send } = browser(shop)
        const paths = [
          "/",
          "/cart",
          "/cart/update",
          "/cart/checkout",
          "/setCurrency",
          "/setTheme",
          "/search",
          "/product/x",
          "/category/x",
          "/order/x",
          "/track/x"
        ]
        const anything = FastCheck.record({
          path: FastCheck.constantFrom(...paths),
          tail: FastCheck.oneof(
            FastCheck.string({ unit: "grapheme", maxLength: 60 }),
            FastCheck.constantFrom(...hostile.slice(0, -1))
          ),
          query: FastCheck.webQueryParameters(),
          fields: FastCheck.dictionary(
            FastCheck.constantFrom("product_id", "quantity", "email", "idempotency_key", "q"),
            FastCheck.string({ unit: "binary" })
          ),
          method: FastCheck.constantFrom("GET", "POST", "PUT", "HEAD")
        })
        for (const { fields, method, path, query, tail } of FastCheck.sample(anything, { numRuns: 300, seed: 7 })) {
          const address = `${path}${encodeURIComponent(tail)}?${query}`
          const answer = yield* send(
            address,
            method === "GET" || method === "HEAD"
              ? { method }
              : {
                  method,
                  headers: { "content-type": "application/x-www-form-urlencoded" },
                  body: new URLSearchParams(fields).toString()
                }
          )
          deepStrictEqual(
            [method, address, method === "HEAD" ? answer.status < 500 : isPage(answer)],
            [method, address, true]
          )
        }
      }),
    20_000
  )
})
