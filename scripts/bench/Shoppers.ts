import { Data, Effect } from "effect"
import { randomUUID } from "node:crypto"
import { anyKey } from "./Ipc.ts"

/** What shoppers of the bench look at: the home page, a product, their cart of three games, a search. */
export const pages = {
  home: "/",
  product: "/product/OLJCESPC7Z",
  cart: "/cart",
  search: "/search?q=zeppelin"
} as const

/** Those, and the page of an order. */
export type Page = keyof typeof pages | "order"

/** Heads of requests, one for each shopper, by page. */
export type Requests = Readonly<Record<Page, ReadonlyArray<string>>>

/** A page of a shop that should be measured is not the page that it should be. */
export class WrongPage extends Data.TaggedError("WrongPage")<{ readonly path: string; readonly status: number }> {
  override readonly message = `${this.path} answered ${this.status}, or without what should be on it`
}

/** What is on each page, in euros. */
const marks: Readonly<Record<Page, RegExp>> = {
  home: /All games[^]*€/,
  product: /Skarn Light[^]*€/,
  cart: /Skarn Light[^]*€/,
  search: /zeppelin[^]*€/i,
  order: /Skarn Light[^]*€/
}

const bought = ["OLJCESPC7Z", "66VCHSJNUP", "1YMWWN1N4O"]

/** That many shoppers of the shop at `port`, each with a session and a filled cart, paying in euros. */
export const arrive = (port: number, count: number): Effect.Effect<Requests, WrongPage> =>
  Effect.map(Effect.replicateEffect(arriveOne(port), count), (shoppers): Requests => ({
    home: shoppers.map(({ cookie }) => head(pages.home, cookie)),
    product: shoppers.map(({ cookie }) => head(pages.product, cookie)),
    cart: shoppers.map(({ cookie }) => head(pages.cart, cookie)),
    search: shoppers.map(({ cookie }) => head(pages.search, cookie)),
    order: shoppers.map(({ cookie, order }) => head(order, cookie))
  }))

/** What such shoppers send to buy a game, each time anew: they put it in the cart, and order. */
export const purchases = (
  port: number,
  count: number
): Effect.Effect<ReadonlyArray<ReadonlyArray<string>>, WrongPage> =>
  Effect.map(Effect.replicateEffect(enter(port, { currency: "EUR", bought: [] }), count), (cookies) =>
    cookies.map((cookie) => [form("/cart", cookie, added(bought[0])), form("/cart/checkout", cookie, ordered)])
  )

const added = (id = "") => new URLSearchParams({ product_id: id, quantity: "2" })

const ordered = new URLSearchParams({
  email: "bench@example.com",
  name: "B. Ench",
  street_address: "1 Main St",
  zip_code: "01234",
  city: "Springfield",
  state: "MA",
  country: "US",
  credit_card_number: "4432801561520454",
  credit_card_expiration_month: "1",
  credit_card_expiration_year: "2099",
  credit_card_cvv: "672",
  idempotency_key: anyKey
})

/** The head of a request for a page, as browsers send it. */
export const head = (path: string, cookie: string): string => request("GET", path, cookie)

/** A form as browsers send it. */
const form = (path: string, cookie: string, fields: URLSearchParams): string => {
  const body = fields.toString()
  const about = ["content-type: application/x-www-form-urlencoded", `content-length: ${body.length}`]
  return request("POST", path, cookie, about) + body
}

const request = (method: string, path: string, cookie: string, more: ReadonlyArray<string> = []): string =>
  [
    `${method} ${path} HTTP/1.1`,
    "host: localhost",
    "user-agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "accept-language: en-US,en;q=0.5",
    "sec-fetch-site: same-origin",
    `cookie: ${cookie}`,
    ...more,
    "",
    ""
  ].join("\r\n")

/** Somebody who shops: pays in a currency and has put two of each of these games in the cart. */
export interface Shopper {
  readonly currency: string
  readonly bought: ReadonlyArray<string>
}

/** One such shopper of the shop at `port`; answers the cookies. */
export const enter = Effect.fnUntraced(function* (port: number, { bought, currency }: Shopper) {
  const first = yield* ask(port, pages.home)
  const [session = ""] = first.headers.getSetCookie().map((cookie) => cookie.split(";")[0] ?? "")
  const cookie = `${session}; shop_currency=${currency}`
  for (const id of bought) {
    yield* post(port, "/cart", cookie, added(id))
  }
  return cookie
})

const arriveOne = Effect.fnUntraced(function* (port: number) {
  const cookie = yield* enter(port, { currency: "EUR", bought: bought.slice(0, 1) })
  const form = new URLSearchParams({ ...Object.fromEntries(ordered), idempotency_key: randomUUID() })
  const order = yield* post(port, "/cart/checkout", cookie, form)
  for (const id of bought) yield* post(port, "/cart", cookie, added(id))
  for (const [page, path] of Object.entries({ ...pages, order }) as ReadonlyArray<[Page, string]>) {
    const shown = yield* ask(port, path, { headers: { cookie } })
    const markup = yield* Effect.promise(() => shown.text())
    if (shown.status !== 200 || !marks[page].test(markup)) return yield* new WrongPage({ path, status: shown.status })
  }
  return { cookie, order }
})

/** Sends a form, and answers where it leads. */
const post = Effect.fnUntraced(function* (port: number, path: string, cookie: string, body: URLSearchParams) {
  const { headers, status } = yield* ask(port, path, { method: "POST", headers: { cookie }, body })
  if (status !== 303) return yield* new WrongPage({ path, status })
  return headers.get("location") ?? ""
})

const ask = (port: number, path: string, init: RequestInit = {}) =>
  Effect.promise(() => fetch(`http://127.0.0.1:${port}${path}`, { redirect: "manual", ...init }))
