import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual, strictEqual } from "@effect/vitest/utils"
import { Effect } from "effect"
import { request } from "node:http"
import { gunzipSync } from "node:zlib"
import { excerpt } from "../src/views/Highlight.ts"
import { browser, open, type Shop } from "./Browser.ts"

/** The bytes of a page as they travel: `fetch` would unpack them. */
const raw = ({ url }: Shop, encoding: string) =>
  Effect.async<{ readonly encoding: string | undefined; readonly body: Buffer }>((resume) => {
    request(`${url}/`, { headers: { "accept-encoding": encoding } }, (answer) => {
      const chunks: Array<Buffer> = []
      answer.on("data", (chunk: Buffer) => chunks.push(chunk))
      answer.on("end", () =>
        resume(Effect.succeed({ encoding: answer.headers["content-encoding"], body: Buffer.concat(chunks) }))
      )
    }).end()
  })

const metadata = (body: string) =>
  [
    /<link rel="canonical" href="([^"]*)"/,
    /<meta property="og:url" content="([^"]*)"/,
    /<meta property="og:image" content="([^"]*)"/
  ].map((pattern) => pattern.exec(body)?.[1] ?? "")

describe("as a citizen of the web, the website", () => {
  it.scopedLive("sends pages compressed to whoever reads that, and as they are to others", () =>
    Effect.gen(function* () {
      const shop = yield* open()
      const [packed, plain, refused] = yield* Effect.all([raw(shop, "br, gzip"), raw(shop, ""), raw(shop, "gzip;q=0")])
      deepStrictEqual(
        [packed, plain, refused].map(({ encoding }) => encoding),
        ["gzip", undefined, undefined]
      )
      assertTrue(packed.body.length * 2 < plain.body.length)
      assertTrue(gunzipSync(packed.body).toString().startsWith("<!doctype html>"))
    })
  )

  it.scopedLive("lists every page of the catalogue for search engines, each of them there", () =>
    Effect.gen(function* () {
      const shop = yield* open({ PUBLIC_URL: "https://shop.example" })
      const { get } = browser(shop)
      const { body, headers } = yield* get("/sitemap.xml")
      strictEqual(headers.get("content-type"), "application/xml; charset=utf-8")
      const addresses = Array.from(body.matchAll(/<loc>(.*?)<\/loc>/g), ([, address = ""]) => new URL(address))
      assertTrue(addresses.every(({ origin }) => origin === "https://shop.example"))
      const paths = addresses.map(({ pathname }) => pathname)
      for (const path of ["/", "/product/OLJCESPC7Z", "/category/puzzle", "/platform/Otter%208"])
        assertTrue(paths.includes(path), path)
      const pages = yield* Effect.forEach(paths, (path) => get(path))
      deepStrictEqual(
        pages.map(({ status }) => status),
        paths.map(() => 200)
      )
      assertTrue(pages.every(({ body }) => !body.includes("noindex")))
    })
  )

  it.scopedLive("sends what is the same for everybody once, and what is one shopper's always anew", () =>
    Effect.gen(function* () {
      const shop = yield* open({ PUBLIC_URL: "https://shop.example" })
      const { get } = browser(shop)
      for (const path of ["/robots.txt", "/sitemap.xml", "/static/style.css"]) {
        const first = yield* get(path)
        const etag = first.headers.get("etag") ?? ""
        const second = yield* get(path, { "if-none-match": `"another", ${etag}` })
        deepStrictEqual([path, second.status, second.body, second.headers.get("etag")], [path, 304, "", etag])
        strictEqual((yield* get(path, { "if-none-match": `"another"` })).status, 200)
      }
      for (const path of ["/", "/product/OLJCESPC7Z", "/cart"]) {
        const { headers } = yield* get(path)
        deepStrictEqual([headers.get("etag"), headers.get("cache-control")], [null, "private, no-cache"])
      }
    })
  )

  it.scopedLive("lets search engines into the catalogue, and keeps them out of what is one shopper's", () =>
    Effect.gen(function* () {
      const { get } = browser(yield* open({ PUBLIC_URL: "https://shop.example" }))
      const { body } = yield* get("/robots.txt")
      const closed = Array.from(body.matchAll(/^Disallow: (.*)$/gm), ([, path = ""]) => path)
      const isOpen = (path: string) => !closed.some((start) => path.startsWith(start))
      for (const path of ["/", "/product/OLJCESPC7Z", "/category/puzzle", "/search", "/static/style.css"])
        assertTrue(isOpen(path), path)
      for (const path of ["/order/1", "/orders", "/track/1", "/dev/mail"]) assertTrue(!isOpen(path), path)
      assertTrue(body.includes("Sitemap: https://shop.example/sitemap.xml"))
    })
  )

  it.scopedLive("names each page's one whole address, of the public site or else of the one that was asked", () =>
    Effect.gen(function* () {
      const known = browser(yield* open({ PUBLIC_URL: "https://shop.example" }))
      const [canonical, url, image] = metadata((yield* known.get("/product/OLJCESPC7Z")).body)
      deepStrictEqual([canonical, url], Array(2).fill("https://shop.example/product/OLJCESPC7Z"))
      assertTrue(image?.startsWith("https://shop.example/static/") === true)
      const shop = yield* open()
      deepStrictEqual(metadata((yield* browser(shop).get("/")).body).slice(0, 2), [`${shop.url}/`, `${shop.url}/`])
    })
  )

  it.scopedLive("has a favicon where browsers look for one unasked", () =>
    Effect.gen(function* () {
      const { headers, status } = yield* browser(yield* open()).get("/favicon.ico")
      deepStrictEqual([status, headers.get("content-type")], [200, "image/svg+xml"])
    })
  )
})

describe("the website remembers", () => {
  it.scopedLive("the country that shipping was last quoted for", () =>
    Effect.gen(function* () {
      const shopper = browser(yield* open())
      yield* shopper.post("/cart", { product_id: "OLJCESPC7Z", quantity: "1" })
      yield* shopper.get("/cart?country=Japan")
      assertTrue(/<option value="JP"\s+selected/.test((yield* shopper.get("/cart")).body))
      shopper.cookies.set("shop_country", "Atlantis")
      assertTrue(!/<option value="(JP|Atlantis)"\s+selected/.test((yield* shopper.get("/cart")).body))
    })
  )
})

describe("an excerpt", () => {
  const text = "He cannot jump very high, being a beetle, but he can roll up the gravy boat's melted butter and ram it."

  it("is what stands around the first word found, cut between words", () => {
    strictEqual(excerpt(text, "gravy"), "…he can roll up the gravy boat's melted butter and ram it.")
    strictEqual(excerpt(text, "HE nothing"), "He cannot jump very high, being a beetle,…")
  })

  it("is nothing where nothing is found or asked", () => {
    deepStrictEqual([excerpt(text, "xyzzy"), excerpt(text, " ")], [undefined, undefined])
  })
})
