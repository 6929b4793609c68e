import dns from "node:dns"
import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual, strictEqual } from "@effect/vitest/utils"
import { CallFailed } from "@retro/contract/Contract"
import { DateTime, Effect, Layer, Option, Schema } from "effect"
import { vi } from "vitest"
import { DevMailbox } from "../src/DevMailbox.ts"
import { type Answer, browser, hidden, open } from "./Browser.ts"
import { games, type Tiers } from "./Tiers.ts"

const silent = Effect.fail(new CallFailed({ path: "x", code: 14 }))

const addresses: ReadonlyArray<readonly [path: string, status: number]> = [
  ["/", 200],
  ["/product/OLJCESPC7Z", 200],
  ["/product/OLJCESPC7Z/", 200],
  ["/product/NOSUCHGAME", 404],
  ["/product/%00", 404],
  [`/product/${"x".repeat(150)}`, 404],
  ["/product/%E0%A4%A", 400],
  ["/product/%FF", 400],
  ["/product", 404],
  ["/cart", 200],
  ["/cart/checkout", 405],
  ["/search", 200],
  ["/search?q=skarn", 200],
  ["/search?q=nothing%20at%20all", 200],
  [`/search?q=${"x".repeat(200)}`, 200],
  [`/search?q=${"x".repeat(201)}`, 422],
  ["/search?q=%ff", 400],
  ["/search?q=a&q=b", 422],
  ["/search?page=0", 422],
  ["/search?page=99", 200],
  ["/search?max_price=NaN", 422],
  ["/search?sort=price-down&from_year=1985&max_price=100&platform=Otter%208", 200],
  ["/search?sort=rating", 422],
  [`/search?q=${"x".repeat(5000)}`, 414],
  ["/category/puzzle", 200],
  ["/category/cooking", 404],
  [`/category/${"x".repeat(150)}`, 404],
  ["/platform/Otter%208", 200],
  ["/platform/Otter%209", 404],
  ["/orders", 200],
  ["/order/0b8ac4ba-6b6b-4c4f-9b57-9f1f4a0d7d11", 404],
  ["/order/1", 404],
  ["/track/RS12345678", 200],
  ["/track/RS00000000", 404],
  ["/track/'", 404],
  ["/logout", 200],
  ["/robots.txt", 200],
  ["/_healthz", 200],
  ["/static/", 404],
  ["/static/style.css", 200],
  ["/static/%2e%2e/package.json", 404],
  ["/static/..%2fpackage.json", 404],
  ["/dev/mail", 404],
  ["/dev/journal", 404],
  ["/nothing", 404],
  ["//evil.example/", 404]
]

describe("the website", () => {
  it.scopedLive("shows all games with their prices in the shopper's currency", () =>
    Effect.gen(function* () {
      const { get, post } = browser(yield* open())
      const inDollars = yield* get("/")
      strictEqual(inDollars.status, 200)
      assertTrue(inDollars.body.includes("Skarn Light") && inDollars.body.includes("$19.99"))
      yield* post("/setCurrency", { currency_code: "EUR" })
      assertTrue((yield* get("/")).body.includes("€18.51"))
    })
  )

  it.scopedLive("D11: yen have no decimals", () =>
    Effect.gen(function* () {
      const { get, post } = browser(yield* open())
      yield* post("/setCurrency", { currency_code: "JPY" })
      const { body } = yield* get("/product/1YMWWN1N4O")
      assertTrue(body.includes("¥16,434"))
      assertTrue(!/¥[\d,]+\.\d/.test(body))
    })
  )

  it.scopedLive("says below each page of which day the rates are, and when that is more than five days ago", () =>
    Effect.gen(function* () {
      const below = Effect.fnUntraced(function* (arrange: (tiers: Tiers) => void) {
        const shop = yield* open()
        arrange(shop.tiers)
        const { body } = yield* browser(shop).get("/orders")
        return /<dt>Exchange rates<\/dt>\s*<dd>(.*?)<\/dd>/.exec(body)?.[1]?.replace(/ datetime="[^"]*"/, "")
      })
      const now = yield* DateTime.now
      const daysAgo = (days: number) =>
        below((tiers) => void (tiers.ratesDate = DateTime.formatIsoDateUtc(DateTime.subtract(now, { days }))))
      strictEqual(yield* below(() => {}), "<time>21 November 2025</time>, more than 5 days old")
      strictEqual((yield* daysAgo(6))?.endsWith(", more than 5 days old"), true)
      strictEqual((yield* daysAgo(5))?.endsWith("</time>"), true)
      strictEqual(yield* below(({ instead }) => void instead.set("Currency.getSupportedCurrencies", silent)), undefined)
    })
  )

  it.scopedLive("answers every address with its status", () =>
    Effect.gen(function* () {
      const { get } = browser(yield* open())
      const answers = yield* Effect.forEach(addresses, ([path]) =>
        Effect.map(get(path), ({ status }) => [path, status] as const)
      )
      deepStrictEqual(answers, addresses)
    })
  )

  it.scopedLive("answers what an address is not for with 405, and says what it is for", () =>
    Effect.gen(function* () {
      const { send } = browser(yield* open())
      const allowed = (path: string, method: string) =>
        Effect.map(send(path, { method }), ({ headers, status }) => [status, headers.get("allow")])
      deepStrictEqual(yield* allowed("/", "POST"), [405, "GET, HEAD"])
      deepStrictEqual(yield* allowed("/cart/checkout", "GET"), [405, "POST"])
      deepStrictEqual(yield* allowed("/cart", "DELETE"), [405, "GET, HEAD, POST"])
      deepStrictEqual(yield* allowed("/nothing", "PUT"), [404, null])
    })
  )

  it.scopedLive("HEAD is GET without the page", () =>
    Effect.gen(function* () {
      const { get, send } = browser(yield* open())
      const headers = { "x-request-id": "the-same-on-both" }
      const page = yield* get("/", headers)
      const head = yield* send("/", { method: "HEAD", headers })
      deepStrictEqual([head.status, head.body], [200, ""])
      strictEqual(head.headers.get("content-length"), page.headers.get("content-length"))
    })
  )

  it.scopedLive("lets no page run, load or be framed by what is not ours", () =>
    Effect.gen(function* () {
      const { get, post } = browser(yield* open())
      for (const answer of [yield* get("/"), yield* get("/nothing"), yield* post("/cart", { quantity: "x" })]) {
        const policy = answer.headers.get("content-security-policy") ?? ""
        for (const rule of [
          "default-src 'none'",
          "frame-ancestors 'none'",
          "form-action 'self'",
          "base-uri 'none'",
          "object-src 'none'"
        ]) {
          assertTrue(policy.includes(rule))
        }
        assertTrue(!policy.includes("unsafe"))
        strictEqual(answer.headers.get("referrer-policy"), "same-origin")
        strictEqual(answer.headers.get("cache-control"), "private, no-cache")
      }
    })
  )

  it.scopedLive("shows text of the catalogue and of the shopper as text", () =>
    Effect.gen(function* () {
      const { get, post } = browser(yield* open())
      const script = "<script>alert(1)</script>\"'><img onerror=x>"
      const query = encodeURIComponent(script)
      yield* post("/cart", { product_id: "L9ECAV7KIM", quantity: "1" })
      const pages = [
        yield* get("/"),
        yield* get("/product/L9ECAV7KIM"),
        yield* get(`/search?q=${query}`),
        yield* get(`/search?sort=${query}`),
        yield* get(`/category/${query}`),
        yield* get(`/cart?country=${query}`),
        yield* get(`/${query}`),
        yield* get(`/?${query}`),
        yield* post("/cart", { product_id: "OLJCESPC7Z", quantity: script }),
        yield* post("/setCurrency", { currency_code: script }),
        yield* post("/cart", `${query}=%ff`)
      ]
      for (const { body } of pages) {
        assertTrue(!/<script>|<img[^>]*onerror/i.test(body))
      }
    })
  )

  it.scopedLive(
    "D30: every picture has an alternative text, every control a label, every page one document and one heading",
    () =>
      Effect.gen(function* () {
        const { get, post } = browser(yield* open())
        yield* post("/cart", { product_id: "OLJCESPC7Z", quantity: "2" })
        for (const path of [
          "/",
          "/product/OLJCESPC7Z",
          "/search",
          "/cart",
          "/orders",
          "/track/RS12345678",
          "/logout",
          "/nothing"
        ]) {
          const { body } = yield* get(path)
          for (const [picture] of body.matchAll(/<img[^>]*>/g)) assertTrue(/ alt="/.test(picture))
          const controls = [...body.matchAll(/<(?:input|select|textarea)(?![^>]*type="hidden")[^>]*>/g)]
          assertTrue(controls.length > 0)
          for (const [control] of controls) {
            const id = /\sid="([^"]*)"/.exec(control)?.[1] ?? ""
            assertTrue(body.includes(`<label for="${id}"`) || body.includes(` for="${id}">`))
          }
          for (const tag of ["<html", "<main", "<h1"]) strictEqual(body.split(tag).length, 2)
        }
      })
  )

  it.scopedLive("D29: platforms, genres and the search lead to pages of their own", () =>
    Effect.gen(function* () {
      const { get } = browser(yield* open())
      const { body } = yield* get("/")
      for (const link of ["/platform/Otter%208", "/category/puzzle", "/category/racing"]) {
        assertTrue(body.includes(`href="${link}"`))
      }
      const otter = (yield* get("/platform/Otter%208")).body
      assertTrue(otter.includes("Tin Weather") && !otter.includes("Skarn Light"))
      const found = (yield* get("/search?q=TIN%20w")).body
      assertTrue(found.includes("/product/66VCHSJNUP") && !found.includes("/product/OLJCESPC7Z"))
      const near = (yield* get("/search?q=skarn%20lihgt")).body
      assertTrue(near.includes("/product/OLJCESPC7Z"))
    })
  )

  it.scopedLive("narrows and orders what a search found", () =>
    Effect.gen(function* () {
      const { get } = browser(yield* open())
      const listed = (query: string) =>
        Effect.map(get(`/search?${query}`), ({ body }) =>
          [...body.matchAll(/<h3><a href="\/product\/(\w+)"/g)].map(([, id]) => id)
        )
      deepStrictEqual(yield* listed("sort=price&max_price=24"), ["66VCHSJNUP", "0PUK6V6EV0", "OLJCESPC7Z"])
      deepStrictEqual(yield* listed("sort=price-down&max_price=20"), ["OLJCESPC7Z", "66VCHSJNUP", "0PUK6V6EV0"])
      deepStrictEqual(yield* listed("from_year=1985"), ["66VCHSJNUP", "1YMWWN1N4O"])
      deepStrictEqual(yield* listed("from_year=1985&to_year=1988"), ["1YMWWN1N4O"])
      deepStrictEqual(yield* listed("category=racing"), ["66VCHSJNUP"])
    })
  )

  it.scopedLive("pages through a long list", () =>
    Effect.gen(function* () {
      const shop = yield* open()
      const { get } = browser(shop)
      shop.tiers.products.push(
        ...Array.from({ length: 24 }, (_, index) => ({ ...games[0]!, id: `GAME${index}` as never }))
      )
      const first = (yield* get("/search?q=skarn&sort=name")).body
      assertTrue(first.includes('href="/search?q=skarn&amp;sort=name&amp;page=2"') && !first.includes('rel="prev"'))
      const second = (yield* get("/search?q=skarn&sort=name&page=2")).body
      assertTrue(second.includes("page=1") && !second.includes('rel="next"'))
    })
  )

  it.scopedLive("has a dev mailbox only where somebody provides one, and shows mail without any rights", () =>
    Effect.gen(function* () {
      const mail = {
        id: "1",
        to: "ada@example.com",
        subject: "Your <order>",
        at: DateTime.unsafeMake(0),
        html: "<p>Thank you!</p><script>alert(1)</script>",
        text: "Thank you!"
      }
      const mailbox = Layer.succeed(DevMailbox, {
        list: Effect.succeed([mail]),
        get: (id) => Effect.succeed(id === "1" ? Option.some(mail) : Option.none())
      })
      const { get } = browser(yield* open({}, mailbox))
      assertTrue((yield* get("/")).body.includes('href="/dev/mail"'))
      assertTrue((yield* get("/dev/mail")).body.includes("Your &lt;order&gt;"))
      const page = (yield* get("/dev/mail/1")).body
      assertTrue(page.includes('src="/dev/mail/1/html"') && page.includes("sandbox") && !page.includes("<script>alert"))
      const frame = yield* get("/dev/mail/1/html")
      strictEqual(frame.body, mail.html)
      assertTrue((frame.headers.get("content-security-policy") ?? "").startsWith("sandbox; default-src 'none'"))
      strictEqual((yield* get("/dev/mail/2")).status, 404)
    })
  )

  it.scopedLive("every file that a page names is there", () =>
    Effect.gen(function* () {
      const { get, post } = browser(yield* open())
      yield* post("/cart", { product_id: "OLJCESPC7Z", quantity: "1" })
      const pages = [yield* get("/"), yield* get("/product/OLJCESPC7Z"), yield* get("/cart"), yield* get("/nothing")]
      const files = new Set(
        pages.flatMap(({ body }) => [...body.matchAll(/"(\/static\/[^"]+)"/g)].map(([, path]) => path ?? ""))
      )
      const sheet = yield* get([...files].find((path) => path.includes("style")) ?? "")
      for (const [, path] of sheet.body.matchAll(/url\("?([^")]+)"?\)/g)) files.add(path ?? "")
      const missing = yield* Effect.filter(files, (path) => Effect.map(get(path), ({ status }) => status !== 200))
      deepStrictEqual(missing, [])
      for (const path of files) assertTrue(/\.[0-9a-f]{10}\.\w+$/.test(path))
    })
  )

  it.scopedLive("says where and by what a page was served, and colours a canary", () =>
    Effect.gen(function* () {
      const shop = yield* open({
        ENV_PLATFORM: "gcp",
        POD_NAME: "frontend-7d9",
        ZONE: "europe-west1-b",
        SHOP_VERSION: "1.2.3",
        BANNER_COLOR: "#ff8800"
      })
      const { body, headers } = yield* browser(shop).get("/", { "x-request-id": "12345678-abcd" })
      for (const fact of ["Google Cloud", "europe-west1-b · frontend-7d9", "1.2.3", "#ff8800", "12345678-abcd"]) {
        assertTrue(body.includes(fact))
      }
      strictEqual(headers.get("x-request-id"), "12345678-abcd")
      const forged = yield* browser(shop).get("/", { "x-request-id": "<script>" })
      assertTrue(/^[0-9a-f-]{36}$/.test(forged.headers.get("x-request-id") ?? ""))
    })
  )

  it.scopedLive.each([{ BANNER_COLOR: "red;}" }, { ENV_PLATFORM: "moon" }, { PUBLIC_URL: "javascript:" }])(
    "does not start with the configuration %o",
    (config) =>
      Effect.gen(function* () {
        strictEqual((yield* Effect.flip(open(config)))._tag, "ConfigError")
      })
  )
})

describe("when a tier is in trouble", () => {
  it.scopedLive("D20: a defect is a page with the request's id and nothing else, and is logged", () =>
    Effect.gen(function* () {
      const shop = yield* open()
      shop.tiers.instead.set("ProductCatalog.getProduct", Effect.die(new Error("secret place")))
      const { body, headers, status } = yield* browser(shop).get("/product/OLJCESPC7Z")
      strictEqual(status, 500)
      assertTrue(!/secret|Error:|\bat \w|\.ts/.test(body))
      const id = headers.get("x-request-id") ?? "?"
      assertTrue(body.includes(id))
      assertTrue(shop.logs.some((line) => line.includes("secret place") && line.includes(id)))
    })
  )

  it.scopedLive("D16: the value in a parse error is neither shown nor logged", () =>
    Effect.gen(function* () {
      const shop = yield* open()
      const refused = Schema.decodeUnknown(Schema.Struct({ email: Schema.Number }))({ email: "ada@example.com" })
      shop.tiers.instead.set("ProductCatalog.getProduct", Effect.orDie(refused) as Effect.Effect<never>)
      shop.tiers.instead.set("Recommendation.listRecommendations", Effect.orDie(refused) as Effect.Effect<never>)
      const { body, status } = yield* browser(shop).get("/product/OLJCESPC7Z")
      strictEqual(status, 500)
      const logged = shop.logs.join("\n")
      assertTrue(logged.includes("ParseError at email") && !(logged + body).includes("ada@"))
    })
  )

  it.scopedLive("a page without what it is about is a 503 that says when to come back", () =>
    Effect.gen(function* () {
      const shop = yield* open()
      for (const rpc of [
        "ProductCatalog.listProducts",
        "ProductCatalog.getProduct",
        "Cart.getCart",
        "Checkout.listOrders"
      ]) {
        shop.tiers.instead.set(rpc, silent)
      }
      for (const path of ["/", "/product/OLJCESPC7Z", "/cart", "/orders"]) {
        const { headers, status } = yield* browser(shop).get(path)
        deepStrictEqual([path, status, headers.get("retry-after")], [path, 503, "5"])
      }
    })
  )

  it.scopedLive.each([
    ["fails", silent],
    ["breaks", Effect.die("broken")],
    ["does not answer", Effect.never]
  ] as const)("D22: pages are there when recommendationservice %s", ([, trouble]) =>
    Effect.gen(function* () {
      const shop = yield* open()
      shop.tiers.instead.set("Recommendation.listRecommendations", trouble)
      const { get, post } = browser(shop)
      const page = yield* get("/product/OLJCESPC7Z")
      strictEqual(page.status, 200)
      assertTrue(page.body.includes("Skarn Light") && !page.body.includes("Tin Weather"))
      yield* post("/cart", { product_id: "OLJCESPC7Z", quantity: "1" })
      strictEqual((yield* get("/cart")).status, 200)
    })
  )

  it.scopedLive("a cart is shown without a shipping quote, and its form says that no total was shown", () =>
    Effect.gen(function* () {
      const shop = yield* open()
      const { get, post } = browser(shop)
      yield* post("/cart", { product_id: "OLJCESPC7Z", quantity: "2" })
      shop.tiers.instead.set("Shipping.getQuote", silent)
      const cart = yield* get("/cart")
      strictEqual(cart.status, 200)
      assertTrue(cart.body.includes("$39.98") && cart.body.includes("not known"))
      strictEqual(hidden(cart, "shown_total"), "0")
    })
  )

  it.scopedLive("games are shown without prices when nobody knows the rates", () =>
    Effect.gen(function* () {
      const shop = yield* open()
      const { get, post } = browser(shop)
      yield* post("/setCurrency", { currency_code: "EUR" })
      shop.tiers.instead.set("Currency.convertBatch", silent)
      for (const path of ["/", "/product/OLJCESPC7Z", "/search"]) {
        const { body, status } = yield* get(path)
        strictEqual(status, 200)
        assertTrue(body.includes("Skarn Light") && !/€\d/.test(body))
      }
    })
  )

  it.scopedLive("D19: a currency that nobody knows, or that has no rate, is the dollar, and the page is there", () =>
    Effect.gen(function* () {
      const shop = yield* open()
      for (const value of ["XXX", "eur", "", "%00", "<script>", "KWD", "x".repeat(3000)]) {
        for (const path of ["/", "/product/OLJCESPC7Z", "/cart", "/search"]) {
          const { body, status } = yield* browser(shop).get(path, { cookie: `shop_currency=${value}` })
          strictEqual(status, 200)
          assertTrue(/<option value="USD"\s+selected/.test(body))
        }
        const invalid = yield* browser(shop).post(
          "/cart",
          { product_id: "OLJCESPC7Z", quantity: "abc" },
          { cookie: `shop_currency=${value}` }
        )
        strictEqual(invalid.status, 422)
      }
    })
  )
})

describe("what a page costs", () => {
  const calls = (path: string, currency: string) =>
    Effect.gen(function* () {
      const shop = yield* open()
      const { get, post } = browser(shop)
      yield* post("/cart", { product_id: "OLJCESPC7Z", quantity: "1" })
      yield* post("/cart", { product_id: "66VCHSJNUP", quantity: "1" })
      if (currency !== "USD") yield* post("/setCurrency", { currency_code: currency })
      shop.tiers.calls.length = 0
      yield* get(path)
      const first = [...shop.tiers.calls].toSorted()
      shop.tiers.calls.length = 0
      yield* get(path)
      return { first, again: [...shop.tiers.calls].toSorted() }
    })

  it.scopedLive(
    "D23: the home page asks for the cart alone once the rest is known, and converts all prices at once",
    () =>
      Effect.gen(function* () {
        const inDollars = yield* calls("/", "USD")
        deepStrictEqual(inDollars, {
          first: ["Cart.getCart", "Currency.getSupportedCurrencies", "ProductCatalog.listProducts"],
          again: ["Cart.getCart"]
        })
        const inYen = yield* calls("/", "JPY")
        deepStrictEqual(
          inYen.first.filter((call) => call.startsWith("Currency.convert")),
          ["Currency.convertBatch"]
        )
        deepStrictEqual(inYen.again, ["Cart.getCart"])
      })
  )

  it.scopedLive("D23: product and cart pages fetch only the four games they recommend, and convert at most once", () =>
    Effect.gen(function* () {
      const shop = yield* open()
      const { get } = browser(shop)
      const { body } = yield* get("/product/OLJCESPC7Z")
      strictEqual(body.split('<li class="card">').length - 1, 4)
      deepStrictEqual((yield* calls("/product/OLJCESPC7Z", "USD")).again, [
        "Cart.getCart",
        "ProductCatalog.getProduct",
        "ProductCatalog.getProducts",
        "Recommendation.listRecommendations"
      ])
      deepStrictEqual((yield* calls("/cart", "JPY")).again, [
        "Cart.getCart",
        "Currency.convertBatch",
        "ProductCatalog.getProducts",
        "ProductCatalog.getProducts",
        "Recommendation.listRecommendations",
        "Shipping.getQuote"
      ])
      assertTrue((yield* calls("/cart", "USD")).again.every((call) => !call.startsWith("Currency.")))
    })
  )

  it.scopedLive("D24: no page looks up a name", () =>
    Effect.gen(function* () {
      const lookups = vi.spyOn(dns, "lookup")
      const { get } = browser(yield* open())
      yield* Effect.forEach(["/", "/product/OLJCESPC7Z", "/cart"], (path) => get(path))
      strictEqual(lookups.mock.calls.length, 0)
      lookups.mockRestore()
    })
  )

  it.scopedLive("D24: pages made at the same time do not mix", () =>
    Effect.gen(function* () {
      const shop = yield* open()
      const shoppers = ["USD", "EUR", "JPY", "GBP"].flatMap((currency) =>
        Array.from({ length: 8 }, (_, index) => ({
          currency,
          id: `request-${currency}-${index}`,
          search: `${currency}${index}`
        }))
      )
      const pages = yield* Effect.forEach(
        shoppers,
        ({ currency, id, search }) =>
          browser(shop).get(`/search?q=${search}`, { cookie: `shop_currency=${currency}`, "x-request-id": id }),
        { concurrency: "unbounded" }
      )
      const own = (answer: Answer, { currency, id, search }: (typeof shoppers)[number]) =>
        answer.body.includes(id) &&
        answer.body.includes(`value="${search}"`) &&
        new RegExp(`<option value="${currency}"\\s+selected`).test(answer.body) &&
        shoppers.every((other) => other.id === id || !answer.body.includes(other.id))
      shoppers.forEach((shopper, index) => assertTrue(own(pages[index]!, shopper)))
      const hashes = pages.map(({ body }) => /Session<\/dt>\s*<dd>([^<]*)/.exec(body)?.[1])
      strictEqual(new Set(hashes).size, shoppers.length)
    })
  )
})
