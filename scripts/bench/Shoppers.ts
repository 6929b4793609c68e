import { Data, Effect } from "effect"

/** What shoppers of the bench look at: the home page, a product, their cart of three games, a search. */
export const pages = {
  home: "/",
  product: "/product/OLJCESPC7Z",
  cart: "/cart",
  search: "/search?q=zeppelin"
} as const

export type Page = keyof typeof pages

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
  search: /zeppelin[^]*€/i
}

const bought = ["OLJCESPC7Z", "66VCHSJNUP", "1YMWWN1N4O"]

/** That many shoppers of the shop at `port`, each with a session and a filled cart, paying in euros. */
export const arrive = (port: number, count: number): Effect.Effect<Requests, WrongPage> =>
  Effect.map(Effect.replicateEffect(arriveOne(port), count), (cookies): Requests => ({
    home: cookies.map((cookie) => head(pages.home, cookie)),
    product: cookies.map((cookie) => head(pages.product, cookie)),
    cart: cookies.map((cookie) => head(pages.cart, cookie)),
    search: cookies.map((cookie) => head(pages.search, cookie))
  }))

/** The head of a request for a page, as browsers send it. */
export const head = (path: string, cookie: string): string =>
  [
    `GET ${path} HTTP/1.1`,
    "host: localhost",
    "user-agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "accept-language: en-US,en;q=0.5",
    "sec-fetch-site: same-origin",
    `cookie: ${cookie}`,
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
    const body = new URLSearchParams({ product_id: id, quantity: "2" })
    const added = yield* ask(port, "/cart", { method: "POST", headers: { cookie }, body })
    if (added.status !== 303) return yield* new WrongPage({ path: "/cart", status: added.status })
  }
  return cookie
})

const arriveOne = Effect.fnUntraced(function* (port: number) {
  const cookie = yield* enter(port, { currency: "EUR", bought })
  for (const page of ["home", "product", "cart", "search"] as const) {
    const shown = yield* ask(port, pages[page], { headers: { cookie } })
    const markup = yield* Effect.promise(() => shown.text())
    if (shown.status !== 200 || !marks[page].test(markup)) {
      return yield* new WrongPage({ path: pages[page], status: shown.status })
    }
  }
  return cookie
})

const ask = (port: number, path: string, init: RequestInit = {}) =>
  Effect.promise(() => fetch(`http://127.0.0.1:${port}${path}`, { redirect: "manual", ...init }))
