import { readFileSync } from "node:fs"
import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual, strictEqual } from "@effect/vitest/utils"
import { CardDeclined } from "@retro/contract/PaymentService"
import { Effect, Layer, Metric, Option } from "effect"
import * as RecentSpans from "@retro/telemetry/RecentSpans"
import { DevMailbox } from "../src/DevMailbox.ts"
import { browser, open, type Shop } from "./Browser.ts"

const development = Layer.mergeAll(
  Layer.succeed(DevMailbox, { list: Effect.succeed([]), get: () => Effect.succeed(Option.none()) }),
  RecentSpans.layer(1)
)
const behindTls = { "x-forwarded-proto": "https" }
const routes = readFileSync(new URL("../src/Routes.ts", import.meta.url), "utf8")

const order = {
  email: "someone@example.com",
  street_address: "1 Main St",
  zip_code: "01234",
  city: "Springfield",
  country: "US",
  credit_card_number: "4432801561520454",
  credit_card_expiration_month: "1",
  credit_card_expiration_year: "2039",
  credit_card_cvv: "672"
}

/** Someone from that address, with a game in the cart. */
const shopperFrom = Effect.fnUntraced(function* (shop: Shop, address: string) {
  const shopper = browser(shop)
  const from = { "x-forwarded-for": address }
  yield* shopper.post("/cart", { product_id: "OLJCESPC7Z", quantity: "1" }, from)
  return { ...shopper, pay: () => shopper.post("/cart/checkout", order, from) }
})

const statuses = (times: number, ask: () => Effect.Effect<{ readonly status: number }>) =>
  Effect.map(Effect.forEach(Array(times), ask), (answers) => answers.map(({ status }) => status))

describe("every answer", () => {
  const kinds = ["/", "/cart", "/nowhere", "/robots.txt", "/sitemap.xml", "/static/style.css", "/_healthz"]

  it.scopedLive("is taken for what it is, lent to no other site, and says where the browser came from to nobody", () =>
    Effect.gen(function* () {
      const { get, post } = browser(yield* open())
      const answers = [
        ...(yield* Effect.forEach(kinds, (path) => get(path))),
        yield* post("/setTheme", { theme: "dark" })
      ]
      for (const { headers } of answers) {
        deepStrictEqual(
          ["x-content-type-options", "cross-origin-resource-policy"].map((name) => headers.get(name)),
          ["nosniff", "same-origin"]
        )
        assertTrue(["same-origin", "no-referrer", null].includes(headers.get("referrer-policy")))
        strictEqual(headers.get("x-powered-by"), null)
      }
    })
  )

  it.scopedLive("allows a page nothing that it does not need: no inline code, no frame around it, no device", () =>
    Effect.gen(function* () {
      const { get } = browser(yield* open())
      for (const path of ["/", "/product/OLJCESPC7Z", "/cart", "/nowhere"]) {
        const { headers } = yield* get(path)
        const policy = new Map(
          (headers.get("content-security-policy") ?? "").split("; ").map((line) => {
            const [directive = "", ...sources] = line.split(" ")
            return [directive, sources.join(" ")] as const
          })
        )
        strictEqual(policy.get("default-src"), "'none'")
        for (const [directive, sources] of policy) assertTrue(["'none'", "'self'"].includes(sources), directive)
        for (const directive of ["frame-ancestors", "base-uri", "object-src"])
          strictEqual(policy.get(directive), "'none'")
        strictEqual(headers.get("cross-origin-opener-policy"), "same-origin")
        for (const device of ["camera", "geolocation", "microphone", "payment"])
          assertTrue(headers.get("permissions-policy")?.includes(`${device}=()`) === true, device)
      }
    })
  )

  it.scopedLive("tells the browser to stay with TLS where it came over it, and nobody else", () =>
    Effect.gen(function* () {
      const proxied = browser(yield* open({ TRUST_PROXY: "true" }))
      for (const path of kinds) {
        strictEqual((yield* proxied.get(path, behindTls)).headers.get("strict-transport-security"), "max-age=31536000")
        strictEqual((yield* proxied.get(path)).headers.get("strict-transport-security"), null)
      }
      strictEqual((yield* browser(yield* open()).get("/", behindTls)).headers.get("strict-transport-security"), null)
    })
  )
})

describe("a session", () => {
  it.scopedLive("comes from us alone, and is another one after it was left: its cart and orders stay behind", () =>
    Effect.gen(function* () {
      const shop = yield* open()
      const { cookies, get, post } = browser(shop)
      yield* get("/?shop_session-id=fixed", { cookie: "shop_session-id=fixed" })
      const first = cookies.get("shop_session-id")
      assertTrue(first !== undefined && first !== "fixed")
      yield* post("/cart", { product_id: "OLJCESPC7Z", quantity: "1" })
      const placed = yield* post("/cart/checkout", order)
      const page = placed.headers.get("location") ?? ""
      strictEqual((yield* get(page)).status, 200)
      yield* post("/logout")
      strictEqual(cookies.size, 0)
      strictEqual((yield* get(page)).status, 404)
      assertTrue(cookies.get("shop_session-id") !== first)
    })
  )

  it.scopedLive("sees its own orders: another's is told apart from none by nothing", () =>
    Effect.gen(function* () {
      const shop = yield* open()
      const mine = yield* shopperFrom(shop, "203.0.113.1")
      const page = (yield* mine.pay()).headers.get("location") ?? ""
      strictEqual((yield* mine.get(page)).status, 200)
      const other = browser(shop)
      yield* other.get("/")
      const asked = { "x-request-id": "the-same-for-both" }
      const [theirs, none] = yield* Effect.all([
        other.get(page, asked),
        other.get("/order/00000000-0000-4000-8000-000000000000", asked)
      ])
      const withoutAddress = (body: string) => body.replaceAll(/\/order\/[\w-]+/g, "")
      deepStrictEqual([theirs.status, none.status], [404, 404])
      strictEqual(withoutAddress(theirs.body), withoutAddress(none.body))
    })
  )
})

describe("the shop for programs", () => {
  it.scopedLive("D18: takes no call that another site's page makes, and takes those that say nothing of it", () =>
    Effect.gen(function* () {
      const shop = yield* open()
      const { send } = browser(shop)
      const body = JSON.stringify({ _tag: "Request", id: "1", tag: "emptyCart", payload: {}, headers: [] })
      const from = (headers: Record<string, string>) =>
        Effect.map(send("/rpc", { method: "POST", body, headers }), ({ status }) => status)
      const foreign: ReadonlyArray<Record<string, string>> = [
        { "sec-fetch-site": "cross-site" },
        { "sec-fetch-site": "same-site" },
        { origin: "https://evil.example" },
        { origin: "null" }
      ]
      deepStrictEqual(yield* Effect.forEach(foreign, from), [403, 403, 403, 403])
      assertTrue(!shop.tiers.calls.includes("Cart.emptyCart"))
      strictEqual(yield* from({}), 200)
      assertTrue(shop.tiers.calls.includes("Cart.emptyCart"))
    })
  )
})

describe("in production", () => {
  const paths = Array.from(routes.matchAll(/path: "(\/dev\/[^"]*)"/g), ([, path = ""]) => path.replaceAll(/:\w+/g, "1"))

  it.scopedLive("there is nothing under /dev/, though somebody left the mailbox and the traces in", () =>
    Effect.gen(function* () {
      assertTrue(paths.includes("/dev/mail") && paths.includes("/dev/traces"))
      const production = browser(yield* open({ NODE_ENV: "production", SESSION_KEY: "k".repeat(32) }, development))
      for (const path of [...paths, "/dev", "/dev/mail/", "/%64ev/mail", "/dev/traces/"]) {
        strictEqual((yield* production.get(path)).status, 404, path)
        assertTrue([404, 405].includes((yield* production.post(path)).status), path)
      }
      const { body } = yield* production.get("/cart?demo=1")
      assertTrue(!body.includes("/dev/") && !body.includes("Ada Sprite"))
      const { get } = browser(yield* open({}, development))
      for (const path of ["/dev/mail", "/dev/traces", "/dev/typed-errors"]) strictEqual((yield* get(path)).status, 200)
    })
  )
})

describe("who asks too often", () => {
  it.scopedLive("is told when to come back, and the others are served", () =>
    Effect.gen(function* () {
      const shop = yield* open({ SEARCH_LIMIT: "3", CART_LIMIT: "2" })
      const hasty = browser(shop)
      yield* hasty.get("/")
      deepStrictEqual(yield* statuses(5, () => hasty.get("/search?q=light")), [200, 200, 200, 429, 429])
      const { body, headers } = yield* hasty.get("/search?q=light")
      assertTrue(/One at a time, please/.test(body))
      const seconds = Number(headers.get("retry-after"))
      assertTrue(seconds > 0 && seconds <= 20)
      for (const path of ["/cart", "/cart/update", "/cart/empty"]) {
        const other = browser(shop)
        yield* other.get("/")
        const fields = { product_id: "OLJCESPC7Z", quantity: "1" }
        deepStrictEqual(yield* statuses(3, () => other.post(path, fields)), [303, 303, 429])
        strictEqual((yield* other.get("/cart")).status, 200)
      }
    })
  )

  it.scopedLive("orders no more than their share, on the page or by /rpc: nobody is asked to place the rest", () =>
    Effect.gen(function* () {
      const shop = yield* open({ CHECKOUT_LIMIT: "2" })
      const hasty = yield* shopperFrom(shop, "203.0.113.1")
      deepStrictEqual(yield* statuses(4, hasty.pay), [303, 303, 429, 429])
      const placed = (calls: ReadonlyArray<string>) => calls.filter((call) => call === "Checkout.placeOrder").length
      strictEqual(placed(shop.tiers.calls), 2)
      const call = JSON.stringify({ _tag: "Request", id: "1", tag: "placeOrder", payload: {}, headers: [] })
      const program = browser(shop)
      yield* program.get("/")
      const send = () => program.send("/rpc", { method: "POST", body: call })
      deepStrictEqual(yield* statuses(4, send), [200, 200, 429, 429])
    })
  )

  it.scopedLive("searches no more than their share by /rpc either", () =>
    Effect.gen(function* () {
      const program = browser(yield* open({ SEARCH_LIMIT: "2" }))
      yield* program.get("/")
      const body = JSON.stringify({ _tag: "Request", id: "1", tag: "searchProducts", payload: {}, headers: [] })
      const send = () => program.send("/rpc", { method: "POST", body })
      deepStrictEqual(yield* statuses(3, send), [200, 200, 429])
    })
  )

  it.scopedLive("is found by their network when they throw the cookie away; forging another one's is no way out", () =>
    Effect.gen(function* () {
      const shop = yield* open({ SEARCH_LIMIT: "1", TRUST_PROXY: "1" })
      const from = (address: string) => () => browser(shop).get("/search?q=x", { "x-forwarded-for": address })
      deepStrictEqual((yield* statuses(21, from("203.0.113.1"))).slice(19), [200, 429])
      strictEqual((yield* from("198.51.100.1, 203.0.113.1")()).status, 429)
      strictEqual((yield* from("203.0.113.2")()).status, 200)
    })
  )

  it.scopedLive("finds no other limit behind /rpc, and a limit of 0 is none", () =>
    Effect.gen(function* () {
      const call = (id: number) =>
        JSON.stringify({ _tag: "Request", id: String(id), tag: "emptyCart", payload: {}, headers: [] })
      const body = [call(1), call(2)].join("\n")
      const limited = browser(yield* open({ CART_LIMIT: "3" }))
      yield* limited.get("/")
      const send = () => limited.send("/rpc", { method: "POST", body })
      deepStrictEqual(yield* statuses(2, send), [200, 429])
      strictEqual((yield* limited.post("/cart/empty")).status, 303)
      const free = browser(yield* open({ CART_LIMIT: "0" }))
      deepStrictEqual([...new Set(yield* statuses(130, () => free.post("/cart/empty")))], [303])
    })
  )
})

describe("who tries out cards", () => {
  const declined = Effect.fail(new CardDeclined({ reason: "stolen-card" }))

  it.scopedLive("has to wait after a few that were declined, is told so, and is counted", () =>
    Effect.gen(function* () {
      const shop = yield* open({ DECLINE_LIMIT: "2" })
      const thief = yield* shopperFrom(shop, "203.0.113.1")
      shop.tiers.instead.set("Checkout.placeOrder", declined)
      const refusals = Metric.value(
        Metric.tagged(Metric.counter("website_refused_total", counterOptions), "limit", "decline")
      )
      const before = (yield* refusals).count
      deepStrictEqual(yield* statuses(3, thief.pay), [402, 402, 429])
      const asked = shop.tiers.calls.length
      const { body, headers } = yield* thief.pay()
      assertTrue(!shop.tiers.calls.slice(asked).includes("Checkout.placeOrder"))
      assertTrue(/Too many cards were declined/.test(body) && /Your cart is safe/.test(body))
      assertTrue(body.includes('value="Springfield"') && !body.includes(order.credit_card_number))
      assertTrue(Number(headers.get("retry-after")) > 60)
      strictEqual((yield* refusals).count - before, 2)
      shop.tiers.instead.delete("Checkout.placeOrder")
      strictEqual((yield* (yield* shopperFrom(shop, "203.0.113.1")).pay()).status, 303)
    })
  )

  it.scopedLive("gains nothing by trying many at once, by hanging up, or by other sessions of the same network", () =>
    Effect.gen(function* () {
      const shop = yield* open({ DECLINE_LIMIT: "2", TRUST_PROXY: "1" })
      shop.tiers.instead.set("Checkout.placeOrder", Effect.delay(declined, "100 millis"))
      const thief = yield* shopperFrom(shop, "203.0.113.1")
      const atOnce = yield* Effect.all(Array.from({ length: 6 }, thief.pay), { concurrency: "unbounded" })
      strictEqual(atOnce.filter(({ status }) => status === 402).length, 2)
      const accomplices = yield* Effect.forEach(Array(8), () => shopperFrom(shop, "203.0.113.1"))
      for (const { pay } of accomplices) yield* Effect.timeoutOption(pay(), "50 millis")
      strictEqual((yield* (yield* shopperFrom(shop, "203.0.113.1")).pay()).status, 429)
      strictEqual((yield* (yield* shopperFrom(shop, "203.0.113.2")).pay()).status, 402)
    })
  )

  it.scopedLive("is nobody who buys and buys", () =>
    Effect.gen(function* () {
      const honest = yield* shopperFrom(yield* open({ DECLINE_LIMIT: "1" }), "203.0.113.1")
      deepStrictEqual(yield* statuses(3, honest.pay), [303, 303, 303])
    })
  )
})

const counterOptions = {
  description: "Requests refused because somebody asked too often, by what was limited.",
  incremental: true
} as const
