import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual, notDeepStrictEqual, strictEqual } from "@effect/vitest/utils"
import { ConfigProvider, Effect, FastCheck, Layer, Logger, LogLevel, TestClock } from "effect"
import { CookieJar } from "../src/CookieJar.ts"
import { Proxies } from "../src/Proxies.ts"
import type { Request } from "../src/Request.ts"
import { Sessions } from "../src/Session.ts"
import { browser, open } from "./Browser.ts"

const key = "k".repeat(32)

const withConfig = (config: Readonly<Record<string, string>>) =>
  Effect.provide(
    Sessions.layerConfig.pipe(
      Layer.provide(CookieJar.layer),
      Layer.provide(Proxies.layerConfig),
      Layer.provide(Layer.setConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(config))))),
      Layer.provide(Logger.minimumLogLevel(LogLevel.None))
    )
  )

const request = (headers: Request["headers"] = {}): Request => ({
  method: "GET",
  path: "/",
  query: "",
  headers,
  peer: "127.0.0.1",
  body: Effect.never
})

/** The session of a request that carries this cookie. */
const sessionOf = (cookie?: string, headers: Request["headers"] = {}) =>
  Effect.flatMap(Sessions, ({ of }) => of(request({ ...headers, ...(cookie !== undefined && { cookie }) })))

const pairOf = (header: string | undefined) => header?.split(";")[0] ?? ""

describe("a session", () => {
  it.effect("is the same for as long as its cookie comes back, and sets none then", () =>
    Effect.gen(function* () {
      const first = yield* sessionOf()
      const second = yield* sessionOf(pairOf(first.cookie))
      deepStrictEqual([second.userId, second.displayHash, second.cookie], [first.userId, first.displayHash, undefined])
      notDeepStrictEqual((yield* sessionOf()).userId, first.userId)
    }).pipe(withConfig({ SESSION_KEY: key }))
  )

  it.effect("D17: has a cookie for the whole site, out of reach of scripts, not sent along from other sites", () =>
    Effect.gen(function* () {
      const { cookie = "" } = yield* sessionOf()
      assertTrue(/^shop_session-id=[\w.-]+; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax$/.test(cookie))
    }).pipe(withConfig({ SESSION_KEY: key }))
  )

  it.effect("D17: behind TLS its cookie is Secure and nobody else's", () =>
    Effect.gen(function* () {
      const tls = { "x-forwarded-proto": "https" }
      const { cookie = "", userId } = yield* sessionOf(undefined, tls)
      assertTrue(cookie.startsWith("__Host-shop_session-id=") && cookie.endsWith("; Secure"))
      strictEqual((yield* sessionOf(pairOf(cookie), tls)).userId, userId)
      notDeepStrictEqual((yield* sessionOf(pairOf(cookie).replace("__Host-", ""), tls)).userId, userId)
    }).pipe(withConfig({ SESSION_KEY: key, TRUST_PROXY: "true" }))
  )

  it.effect("believes no client about TLS unless it is told that a proxy stands in front", () =>
    Effect.gen(function* () {
      const { cookie = "" } = yield* sessionOf(undefined, { "x-forwarded-proto": "https" })
      assertTrue(cookie.startsWith("shop_session-id=") && !cookie.includes("Secure"))
    }).pipe(withConfig({ SESSION_KEY: key }))
  )

  it.effect("R13: lives for 30 days from the last day it was seen, and no longer", () =>
    Effect.gen(function* () {
      const first = yield* sessionOf()
      yield* TestClock.adjust("23 hours")
      strictEqual((yield* sessionOf(pairOf(first.cookie))).cookie, undefined)
      yield* TestClock.adjust("29 days")
      const later = yield* sessionOf(pairOf(first.cookie))
      strictEqual(later.userId, first.userId)
      assertTrue(later.cookie !== undefined && later.cookie !== first.cookie)
      yield* TestClock.adjust("2 days")
      notDeepStrictEqual((yield* sessionOf(pairOf(first.cookie))).userId, first.userId)
      strictEqual((yield* sessionOf(pairOf(later.cookie))).userId, first.userId)
    }).pipe(withConfig({ SESSION_KEY: key }))
  )

  it.effect("D18: a cookie that does not verify is replaced, never trusted", () =>
    Effect.gen(function* () {
      const good = pairOf((yield* sessionOf()).cookie)
      const { userId } = yield* sessionOf(good)
      const broken = [
        "shop_session-id=",
        "shop_session-id=1234",
        "shop_session-id=" + "x".repeat(4000),
        good.replace(/\.[^.]*$/, ""),
        good.replace(/\.[^.]*$/, "."),
        good + "x",
        `${good}.${good}`,
        good.replace("=", "=x"),
        good.toUpperCase(),
        ...Array.from({ length: good.length - 16 }, (_, at) => flipped(good, at + 16))
      ]
      for (const cookie of broken) {
        const session = yield* sessionOf(cookie)
        notDeepStrictEqual(session.userId, userId)
        assertTrue(session.cookie !== undefined)
      }
    }).pipe(withConfig({ SESSION_KEY: key }))
  )

  it.effect("is another one under another key", () =>
    Effect.gen(function* () {
      const { cookie, userId } = yield* sessionOf().pipe(withConfig({ SESSION_KEY: key }))
      const other = yield* sessionOf(pairOf(cookie)).pipe(withConfig({ SESSION_KEY: key.toUpperCase() }))
      notDeepStrictEqual(other.userId, userId)
    })
  )

  it.effect("tells nothing of its cookie to the services or on a page", () =>
    Effect.gen(function* () {
      const { cookie = "", displayHash, userId } = yield* sessionOf()
      const [, id = "", , signature = ""] = /=([^.]+)\.([^.]+)\.(.+)$/.exec(pairOf(cookie)) ?? []
      for (const part of [id, signature]) assertTrue(!userId.includes(part.slice(0, 6)) && !part.includes(displayHash))
      assertTrue(!userId.includes(displayHash))
      strictEqual(displayHash.length, 8)
    }).pipe(withConfig({ SESSION_KEY: key }))
  )

  it.effect("needs a key in production, and one that is long enough anywhere", () =>
    Effect.gen(function* () {
      for (const config of [{ NODE_ENV: "production" }, { SESSION_KEY: "short" }]) {
        const error = yield* Effect.flip(sessionOf().pipe(withConfig(config)))
        strictEqual(error._tag, "ConfigError")
        assertTrue(!String(error).includes("short"))
      }
      yield* sessionOf().pipe(withConfig({}))
    })
  )
})

/** The text with its last bit of that character changed, as far as base64url has one. */
const flipped = (text: string, at: number): string =>
  text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1)

describe("in a browser", () => {
  it.scopedLive("D17: a cart begun on a product page is the cart of every page", () =>
    Effect.gen(function* () {
      const { cookies, get, post } = browser(yield* open())
      yield* get("/product/OLJCESPC7Z")
      deepStrictEqual([...cookies.keys()], ["shop_session-id"])
      const added = yield* post("/cart", { product_id: "OLJCESPC7Z", quantity: "3" })
      deepStrictEqual(
        [added.status, added.headers.get("location"), added.headers.get("set-cookie")],
        [303, "/cart", null]
      )
      assertTrue((yield* get("/cart")).body.includes("Skarn Light"))
      assertTrue(/3<span class="hidden"> games/.test((yield* get("/")).body))
    })
  )

  it.scopedLive("broken cookies of any kind are replaced and the page is there", () =>
    Effect.gen(function* () {
      const shop = yield* open()
      const values = FastCheck.sample(FastCheck.string({ unit: FastCheck.constantFrom(...'ab.;=%"\\,<> _-{}@') }), {
        numRuns: 100,
        seed: 1
      })
      for (const value of values) {
        const answer = yield* browser(shop).get("/orders", { cookie: `shop_session-id=${value}; ${value}` })
        strictEqual(answer.status, 200)
        assertTrue((answer.headers.get("set-cookie") ?? "").startsWith("shop_session-id="))
      }
    })
  )

  it.scopedLive("D18: a link to /logout asks and changes nothing; its form forgets the browser", () =>
    Effect.gen(function* () {
      const { cookies, get, post } = browser(yield* open())
      yield* post("/cart", { product_id: "OLJCESPC7Z", quantity: "1" })
      yield* post("/setCurrency", { currency_code: "EUR" })
      yield* get("/logout")
      strictEqual(cookies.size, 2)
      assertTrue((yield* get("/cart")).body.includes('id="quantity-OLJCESPC7Z"'))
      const left = yield* post("/logout")
      deepStrictEqual([left.status, left.headers.get("location"), cookies.size], [303, "/", 0])
      assertTrue(!(yield* get("/cart")).body.includes('id="quantity-OLJCESPC7Z"'))
    })
  )

  it.scopedLive("D18: forms of other sites are refused, and change nothing", () =>
    Effect.gen(function* () {
      const shop = yield* open()
      const { cookies, get, post } = browser(shop)
      yield* get("/")
      const host = shop.url.replace("http://", "")
      const foreign: ReadonlyArray<Record<string, string>> = [
        { "sec-fetch-site": "cross-site" },
        { "sec-fetch-site": "same-site" },
        { "sec-fetch-site": "cross-site", origin: shop.url },
        { origin: "https://evil.example" },
        { origin: `https://${host}.evil.example` },
        { origin: "null" },
        { origin: "" }
      ]
      const before = new Map(cookies)
      for (const headers of foreign) {
        for (const path of [
          "/cart",
          "/cart/update",
          "/cart/empty",
          "/cart/checkout",
          "/setCurrency",
          "/setTheme",
          "/logout"
        ]) {
          const answer = yield* post(
            path,
            { product_id: "OLJCESPC7Z", quantity: "1", currency_code: "EUR", theme: "dark" },
            headers
          )
          deepStrictEqual([path, headers, answer.status], [path, headers, 403])
        }
      }
      deepStrictEqual([shop.tiers.carts.size, cookies], [0, before])
      for (const headers of [{ "sec-fetch-site": "same-origin" }, { origin: shop.url }, {}] as ReadonlyArray<
        Record<string, string>
      >) {
        strictEqual((yield* post("/cart", { product_id: "OLJCESPC7Z", quantity: "1" }, headers)).status, 303)
      }
    })
  )

  it.scopedLive("D18: a form leads back to a page of ours, never elsewhere", () =>
    Effect.gen(function* () {
      const shop = yield* open()
      const leadsTo = (return_to: string, referer?: string) =>
        Effect.map(
          browser(shop).post(
            "/setCurrency",
            { currency_code: "EUR", return_to },
            referer === undefined ? {} : { referer }
          ),
          ({ headers, status }) => [status, headers.get("location")]
        )
      deepStrictEqual(yield* leadsTo("/product/OLJCESPC7Z?x=1"), [303, "/product/OLJCESPC7Z?x=1"])
      deepStrictEqual(yield* leadsTo("", `${shop.url}/search?q=a%20b`), [303, "/search?q=a%20b"])
      const elsewhere = [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "/\t/evil.example/",
        "\\\\evil.example",
        "/.//evil.example",
        "/..//evil.example",
        "javascript:alert(1)",
        "evil",
        ""
      ]
      for (const path of elsewhere) {
        deepStrictEqual([path, yield* leadsTo(path)], [path, [303, "/"]])
        deepStrictEqual([path, yield* leadsTo(path, "https://evil.example/x")], [path, [303, "/"]])
      }
      strictEqual((yield* leadsTo("/" + "x".repeat(5000)))[0], 422)
      deepStrictEqual(yield* leadsTo("/a\r\nset-cookie: x=y"), [303, "/aset-cookie:%20x=y"])
    })
  )

  it.scopedLive("the theme is kept like the currency", () =>
    Effect.gen(function* () {
      const { get, post } = browser(yield* open())
      assertTrue((yield* get("/")).body.includes('data-theme="auto"'))
      deepStrictEqual(
        (yield* post("/setTheme", { theme: "dark", return_to: "/cart" })).headers.get("location"),
        "/cart"
      )
      assertTrue((yield* get("/")).body.includes('data-theme="dark"'))
      strictEqual((yield* post("/setTheme", { theme: "pink" })).status, 422)
    })
  )

  it.scopedLive("D16: neither the cookie nor the user's id is ever logged", () =>
    Effect.gen(function* () {
      const shop = yield* open()
      const { cookies, get, post } = browser(shop)
      yield* post("/cart", { product_id: "OLJCESPC7Z", quantity: "1" })
      shop.tiers.instead.set("Cart.getCart", Effect.dieMessage("broken"))
      shop.tiers.instead.set("Recommendation.listRecommendations", Effect.dieMessage("broken"))
      yield* get("/cart")
      yield* get("/product/OLJCESPC7Z")
      const logged = shop.logs.join("\n")
      assertTrue(logged.includes("broken"))
      for (const secret of [...cookies.values(), ...shop.tiers.carts.keys()]) assertTrue(!logged.includes(secret))
    })
  )
})
