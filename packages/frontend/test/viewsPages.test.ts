import { it } from "@effect/vitest"
import { assertTrue, deepStrictEqual, strictEqual } from "@effect/vitest/utils"
import { OrderStatus } from "@retro/contract/CheckoutService"
import { Address } from "@retro/domain/Address"
import { CartItem } from "@retro/domain/Cart"
import type { CurrencyCode } from "@retro/domain/Currency"
import { OrderId, ProductId, TrackingId } from "@retro/domain/Ids"
import * as Money from "@retro/domain/Money"
import { Order, OrderItem } from "@retro/domain/Order"
import { Product } from "@retro/domain/Product"
import { DateTime, Either, FastCheck } from "effect"
import { readFileSync, statSync } from "node:fs"
import { describe } from "vitest"
import type { Html } from "../src/Html.ts"
import * as CartPage from "../src/views/CartPage.ts"
import * as ErrorPage from "../src/views/ErrorPage.ts"
import { highlight } from "../src/views/Highlight.ts"
import * as HomePage from "../src/views/HomePage.ts"
import * as LogoutPage from "../src/views/LogoutPage.ts"
import * as MailboxPage from "../src/views/MailboxPage.ts"
import * as MailPage from "../src/views/MailPage.ts"
import type { CartModel, CheckoutForm, Chrome } from "../src/views/Models.ts"
import { checkoutFields } from "../src/views/Models.ts"
import * as OrderPage from "../src/views/OrderPage.ts"
import * as OrdersPage from "../src/views/OrdersPage.ts"
import * as ProductPage from "../src/views/ProductPage.ts"
import * as ResultsPage from "../src/views/ResultsPage.ts"
import * as TrackingPage from "../src/views/TrackingPage.ts"

const money = <C extends CurrencyCode>(code: C, units: bigint, nanos = 0) =>
  Either.getOrThrow(Money.make(code, units, nanos))
const at = DateTime.unsafeMake("2025-11-22T17:03:00Z")
const id = ProductId.make("OLJCESPC7Z")
const orderId = OrderId.make("0b1c7b52-4e2d-4c4e-9a67-5f0d2a1b3c4d")
const trackingId = TrackingId.make("RS7K2M9QX4T")

/** Sample models in which every text that comes from outside is `text`. */
const samples = (text: string) => {
  const unchecked = { disableValidation: true } as const
  const product = new Product(
    {
      id,
      name: text,
      description: text,
      picture: text,
      priceUsd: money("USD", 19n, 990_000_000),
      categories: [text],
      platform: text,
      year: 1984,
      players: 2,
      weightGrams: 240
    },
    unchecked
  )
  const priced = { product, price: money("JPY", 2235n) }
  const order = new Order(
    {
      orderId,
      shippingTrackingId: trackingId,
      items: [
        new OrderItem({
          item: new CartItem({ productId: id, quantity: 2 }),
          name: text,
          cost: money("JPY", 2235n),
          lineTotal: money("JPY", 4470n)
        })
      ],
      shippingCost: money("JPY", 1005n),
      total: money("JPY", 5475n),
      shippingAddress: new Address(
        { recipient: text, streetAddress: text, city: text, state: text, postalCode: text, country: text },
        unchecked
      ),
      placedAt: at,
      cardBrand: text,
      cardLastFour: text
    },
    unchecked
  )
  const status = new OrderStatus(
    { orderId, state: "completed", payment: "charged", shipment: "shipped", email: "sent", order, failure: text },
    unchecked
  )
  const chrome: Chrome = {
    asset: (name) => `/static/${name}`,
    origin: "https://shop.test",
    here: text,
    currency: {
      selected: "JPY",
      options: [
        { code: "USD", label: text },
        { code: "JPY", label: text }
      ]
    },
    theme: "auto",
    degraded: new Map(),
    cartSize: 2,
    searchText: text,
    development: true,
    devPages: [{ label: text, href: "/dev/mail" }],
    footer: {
      platform: "local",
      where: text,
      requestId: text,
      trace: "/dev/traces/1",
      sessionHash: text,
      version: text,
      rates: { date: text, stale: true }
    },
    bannerColor: text
  }
  const everyField = Object.fromEntries(checkoutFields.map((name) => [name, text]))
  const form: CheckoutForm = {
    values: everyField,
    errors: everyField,
    countries: [{ code: "DE", name: text }],
    thisYear: 2025,
    demo: "offered",
    idempotencyKey: text
  }
  const cart: CartModel = {
    lines: [{ productId: id, product, quantity: 2, price: money("JPY", 2235n), lineTotal: money("JPY", 4470n) }],
    version: 7,
    shipping: { kind: "quoted", cost: money("JPY", 1005n) },
    total: money("JPY", 5475n),
    form,
    notice: { tone: "bad", heading: text, text },
    removed: { product, quantity: 1 },
    recommendations: [priced]
  }
  const filters = {
    platform: text,
    category: text,
    max_price: text,
    from_year: text,
    to_year: text,
    sort: "relevance",
    platforms: [text],
    categories: [text]
  } as const
  const mail = { id: text, to: text, subject: text, at }
  return { cart, chrome, filters, form, mail, order, priced, product, status }
}

/** Every page, in the states that look different. */
const pages = (text: string): Readonly<Record<string, Html>> => {
  const { cart, chrome, filters, form, mail, priced, product, status } = samples(text)
  const gone = { productId: text, product: null, quantity: 1, price: null, lineTotal: null }
  const state = (fields: Partial<OrderStatus>) => new OrderStatus({ ...status, ...fields }, { disableValidation: true })
  return {
    home: HomePage.view(chrome, HomePage.shelves(chrome, [priced])),
    "home without games": HomePage.view(chrome, HomePage.shelves(chrome, [])),
    product: ProductPage.view(chrome, {
      ...priced,
      rateDate: text,
      quantity: text,
      quantityError: text,
      recommendations: [priced]
    }),
    "product without a price": ProductPage.view(chrome, { product, price: null, recommendations: "unavailable" }),
    cart: CartPage.view(chrome, cart),
    "cart without errors": CartPage.view(chrome, {
      ...cart,
      form: { ...form, errors: {}, values: {} },
      notice: undefined
    }),
    "cart with a game that is gone": CartPage.view(chrome, { ...cart, lines: [...cart.lines, gone], total: null }),
    "cart that cannot be shipped": CartPage.view(chrome, { ...cart, shipping: { kind: "not-served" }, total: null }),
    "empty cart": CartPage.view(chrome, { ...cart, lines: [], total: null }),
    order: OrderPage.view(chrome, { status, justPlaced: true, recommendations: [priced] }),
    "order in progress": OrderPage.view(chrome, {
      status: state({ state: "in-progress", order: undefined }),
      justPlaced: true,
      recommendations: "unavailable"
    }),
    "failed order": OrderPage.view(chrome, {
      status: state({ state: "failed", payment: "refunded", order: undefined }),
      justPlaced: false,
      recommendations: "unavailable"
    }),
    orders: OrdersPage.view(chrome, {
      orders: [status, state({ state: "parked", order: undefined })],
      hasEarlier: false
    }),
    "many orders": OrdersPage.view(chrome, { orders: [status], hasEarlier: true }),
    "no orders": OrdersPage.view(chrome, { orders: [], hasEarlier: false }),
    "no orders of late": OrdersPage.view(chrome, { orders: [], hasEarlier: true }),
    tracking: TrackingPage.view(chrome, { trackingId, events: [{ stage: "picked-up", at }] }),
    "stopped parcel": TrackingPage.view(chrome, { trackingId, events: [{ stage: "cancelled", at }] }),
    search: ResultsPage.view(chrome, {
      listing: { kind: "search", query: text },
      results: [],
      total: 0,
      page: 1,
      pages: 1,
      near: [priced],
      filters
    }),
    category: ResultsPage.view(chrome, {
      listing: { kind: "category", category: text },
      results: [priced],
      total: 1,
      previous: text,
      next: text,
      page: 1,
      pages: 1,
      near: []
    }),
    platform: ResultsPage.view(chrome, {
      listing: { kind: "platform", platform: text },
      results: [priced],
      total: 1,
      page: 1,
      pages: 1,
      near: []
    }),
    error: ErrorPage.view(chrome, { status: 404, heading: text, sentence: text, ways: [{ href: text, label: text }] }),
    logout: LogoutPage.view(chrome),
    mailbox: MailboxPage.view(chrome, { messages: [mail] }),
    mail: MailPage.view(chrome, { ...mail, htmlHref: text, text })
  }
}

const plain = Object.entries(pages("Plain")).map(([name, page]) => [name, String(page)] as const)
const tag = /<(\/?[a-z!][^\s>/]*)((?:\s+[^\s=>/]+(?:="[^"]*")?)*)\s*\/?>/gi
const attribute = /([^\s=]+)="([^"]*)"|([^\s=]+)/g

interface Tag {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
}

const tags = (markup: string): ReadonlyArray<Tag> =>
  Array.from(markup.matchAll(tag), ([, name = "", rest = ""]) => ({
    name: name.toLowerCase(),
    attributes: new Map(
      Array.from(rest.matchAll(attribute), ([, key, value, bare]) => [key ?? bare ?? "", value ?? ""] as const)
    )
  }))

const skeleton = (markup: string): ReadonlyArray<string> =>
  tags(markup).map(({ attributes, name }) => [name, ...attributes.keys()].join(" "))

/** Texts that try to become markup; none of them is an option of a list, which would not be offered twice. */
const text = FastCheck.oneof(
  FastCheck.string({ minLength: 1 }),
  FastCheck.string({
    minLength: 1,
    unit: FastCheck.constantFrom("<", ">", "&", '"', "'", "/", "=", "`", "script", "--")
  }),
  FastCheck.constantFrom(
    '"><script>alert(1)</script>',
    "' onerror='alert(1)",
    "</title><script>",
    "<!--",
    "]]>",
    "${1}"
  )
).map((value) => `${value}~`)

describe("every page", () => {
  it.prop(
    "has the same elements and attributes whatever its texts are",
    [text],
    ([hostile]) => {
      const shown = pages(hostile)
      for (const [name, markup] of plain) {
        deepStrictEqual([name, ...skeleton(String(shown[name]))], [name, ...skeleton(markup)])
      }
    },
    { fastCheck: { numRuns: 60 } }
  )

  it("D30: is one document with one main part and one first heading", () => {
    for (const [name, markup] of plain) {
      const names = tags(markup).map((each) => each.name)
      for (const one of ["html", "head", "body", "main", "h1", "title"]) {
        deepStrictEqual([name, one, names.filter((each) => each === one).length], [name, one, 1])
      }
    }
  })

  it("uses every id once, and refers only to ids it has", () => {
    for (const [name, markup] of plain) {
      const all = tags(markup)
      const ids = all.flatMap(({ attributes }) => attributes.get("id") ?? [])
      deepStrictEqual([name, ids.length], [name, new Set(ids).size])
      const references = all.flatMap(({ attributes, name }) =>
        [
          ...(attributes.get("aria-describedby")?.split(" ") ?? []),
          attributes.get("aria-labelledby") ?? [],
          (name === "label" ? attributes.get("for") : undefined) ?? [],
          attributes.get("href")?.match(/^#(.+)/)?.[1] ?? []
        ].flat()
      )
      deepStrictEqual([name, references.filter((reference) => !ids.includes(reference))], [name, []])
    }
  })

  it("D30: gives every picture a text and a size, and every cover one that names its game", () => {
    for (const [name, markup] of plain) {
      for (const { attributes } of tags(markup).filter((each) => each.name === "img")) {
        assertTrue(attributes.has("alt") && attributes.has("width") && attributes.has("height"), name)
        if (attributes.get("src")?.includes("/covers/") === true) strictEqual(attributes.get("alt"), "Cover of Plain")
      }
    }
  })

  it("D30: labels every control", () => {
    for (const [name, markup] of plain) {
      const all = tags(markup)
      const labelled = all.flatMap((each) => (each.name === "label" ? (each.attributes.get("for") ?? []) : []))
      const controls = all.filter(
        (each) => ["input", "select", "textarea"].includes(each.name) && each.attributes.get("type") !== "hidden"
      )
      const unlabelled = controls.filter(({ attributes }) => !labelled.includes(attributes.get("id") ?? ""))
      deepStrictEqual([name, unlabelled], [name, []])
    }
  })

  it("has no style and no script of its own, as the content security policy demands", () => {
    for (const [name, markup] of plain) {
      for (const { attributes, name: element } of tags(markup)) {
        assertTrue(element !== "style" && !attributes.has("style"), name)
        assertTrue(![...attributes.keys()].some((key) => key.startsWith("on")), name)
        if (element === "script") {
          assertTrue(attributes.has("src") || attributes.get("type") === "application/ld+json", name)
        }
      }
    }
  })

  it("lets every form change nothing by GET but what is looked at", () => {
    for (const [name, markup] of plain) {
      const byGet = tags(markup).filter((each) => each.name === "form" && each.attributes.get("method") !== "post")
      for (const { attributes } of byGet)
        assertTrue(["/search", "/cart"].includes(attributes.get("action") ?? ""), name)
    }
  })

  it("refers to files that are there", () => {
    const files = plain
      .flatMap(([, markup]) =>
        tags(markup).flatMap(({ attributes }) => [attributes.get("src") ?? [], attributes.get("href") ?? []].flat())
      )
      .filter((address) => address.startsWith("/static/"))
    for (const file of new Set(files)) {
      assertTrue(statSync(new URL(`..${file}`, import.meta.url)).isFile())
    }
  })
})

describe("chrome", () => {
  it("carries the theme that the shopper chose", () => {
    const { chrome } = samples("Plain")
    const markup = String(LogoutPage.view({ ...chrome, theme: "dark" }))
    assertTrue(markup.includes('<html lang="en" data-theme="dark">'))
    const pressed = tags(markup).filter(({ attributes }) => attributes.get("aria-pressed") === "true")
    deepStrictEqual(
      pressed.map(({ attributes }) => attributes.get("value")),
      ["dark"]
    )
  })

  it("D18: sends the picker back to the page it is on, by POST", () => {
    const { chrome } = samples("/product/1?a=b&c=d")
    const markup = String(LogoutPage.view(chrome))
    const forms = tags(markup).filter((each) => each.name === "form" && each.attributes.get("method") === "post")
    deepStrictEqual(
      forms.map(({ attributes }) => attributes.get("action")),
      ["/setCurrency", "/setTheme", "/logout"]
    )
    const back = tags(markup).filter(({ attributes }) => attributes.get("name") === "return_to")
    deepStrictEqual(
      back.map(({ attributes }) => attributes.get("value")),
      ["/product/1?a=b&amp;c=d", "/product/1?a=b&amp;c=d"]
    )
  })

  it("D29: shows where it runs, and the way to the dev mailbox in development only", () => {
    const { chrome } = samples("Plain")
    assertTrue(String(LogoutPage.view(chrome)).includes("This machine"))
    assertTrue(String(LogoutPage.view(chrome)).includes("/dev/mail"))
    const footer = { ...chrome.footer, trace: undefined }
    assertTrue(!String(LogoutPage.view({ ...chrome, development: false, devPages: [], footer })).includes("/dev/"))
  })

  it("says nothing of a cart that nobody can count", () => {
    const { chrome } = samples("Plain")
    assertTrue(String(LogoutPage.view(chrome)).includes('class="count"'))
    assertTrue(!String(LogoutPage.view({ ...chrome, cartSize: null })).includes('class="count"'))
  })
})

describe("prices", () => {
  it("D11: have no decimals in yen, on every page that shows one", () => {
    for (const [name, markup] of plain) {
      assertTrue(!/¥[\d,]*\./.test(markup), name)
    }
    for (const name of ["home", "product", "cart", "order", "orders", "category"]) {
      assertTrue(/¥[\d,]+</.test(String(pages("Plain")[name])), name)
    }
  })

  it("name the day of their rate, and leave alone what is no day", () => {
    const { chrome, priced } = samples("Plain")
    const rated = (rateDate: string) => String(ProductPage.view(chrome, { ...priced, rateDate, recommendations: [] }))
    assertTrue(rated("2025-11-21").includes('<time datetime="2025-11-21">21 November 2025</time>'))
    for (const text of ["2025-13-41", "0 ", "yesterday"]) assertTrue(rated(text).includes(`at the rate of ${text}`))
  })

  it("tell search engines the exact amount", () => {
    const { chrome, product } = samples("Plain")
    const markup = String(ProductPage.view(chrome, { product, price: product.priceUsd, recommendations: [] }))
    const data = JSON.parse(/ld\+json">([^<]*)</.exec(markup)?.[1] ?? "null")
    deepStrictEqual([data.offers.price, data.offers.priceCurrency], ["19.99", "USD"])
  })

  it("D22: are missing in words, and recommendations without a word, when their services are", () => {
    const markup = String(pages("Plain")["product without a price"])
    assertTrue(markup.includes("We cannot say the price right now"))
    assertTrue(!markup.includes("Change here for"))
    assertTrue(!markup.includes('"offers"'))
  })
})

describe("cart", () => {
  const view = (change: Partial<CartModel>, form: Partial<CheckoutForm> = {}) => {
    const { cart, chrome } = samples("Plain")
    return String(CartPage.view(chrome, { ...cart, ...change, form: { ...cart.form, errors: {}, ...form } }))
  }
  const valueOf = (markup: string, name: string) =>
    tags(markup)
      .find(({ attributes }) => attributes.get("name") === name)
      ?.attributes.get("value")

  it("sends along what the shopper saw", () => {
    const markup = view({})
    strictEqual(valueOf(markup, "cart_version"), "7")
    strictEqual(valueOf(markup, "shown_total"), "5475000000000")
    strictEqual(valueOf(markup, "shown_currency"), "JPY")
    assertTrue(markup.includes("Pay ¥5,475"))
  })

  it("orders nothing while the total is unknown: it sends a total of zero, which no order costs", () => {
    const markup = view({ total: null })
    strictEqual(valueOf(markup, "shown_total"), "0")
    strictEqual(valueOf(markup, "shown_currency"), "JPY")
    assertTrue(markup.includes("Ask for the total") && !markup.includes("Pay "))
  })

  it("keeps what was typed, but a security code only where the demo wrote it", () => {
    const values = { email: "a@b.example", credit_card_cvv: "672", country: "Wales" }
    const markup = view({}, { values })
    strictEqual(valueOf(markup, "email"), "a@b.example")
    strictEqual(valueOf(markup, "credit_card_cvv"), "")
    assertTrue(markup.includes('<option value="Wales" selected>Wales</option>'))
    strictEqual(valueOf(view({}, { values, demo: "filled" }), "credit_card_cvv"), "672")
  })

  it("says what is wrong beside the field and at the top, where the focus goes", () => {
    const markup = view({}, { errors: { zip_code: "Too long." } })
    const field = tags(markup).find(({ attributes }) => attributes.get("id") === "zip_code")
    strictEqual(field?.attributes.get("aria-invalid"), "true")
    strictEqual(field?.attributes.get("aria-describedby"), "zip_code-error")
    assertTrue(markup.includes('<a href="#zip_code">Postal code: Too long.</a>'))
    const alert = tags(markup).find(({ attributes }) => attributes.get("role") === "alert")
    assertTrue(alert?.attributes.has("autofocus") === true && alert.attributes.get("tabindex") === "-1")
  })

  it("names every field for autofill", () => {
    const tokens = tags(view({}))
      .filter(({ attributes }) => checkoutFields.some((name) => name === attributes.get("id")))
      .map(({ attributes }) => attributes.get("autocomplete"))
    deepStrictEqual(tokens, [
      "email",
      "name",
      "street-address",
      "postal-code",
      "address-level2",
      "address-level1",
      "country",
      "cc-number",
      "cc-exp-month",
      "cc-exp-year",
      "cc-csc"
    ])
  })

  it("D30: labels every month by its own name", () => {
    const names = "January February March April May June July August September October November December".split(" ")
    const markup = view({}, { values: { credit_card_expiration_month: "2" } })
    for (const [index, name] of names.entries()) {
      const label = `${String(index + 1).padStart(2, "0")} ${name}`
      assertTrue(new RegExp(`<option value="${index + 1}" (selected)?>${label}</option>`).test(markup), label)
    }
    assertTrue(markup.includes('<option value="2" selected>02 February</option>'))
  })

  it("offers demo data only when asked to", () => {
    assertTrue(view({}, { demo: "offered" }).includes("/cart?demo=1"))
    assertTrue(!view({}, { demo: "none" }).includes("demo=1"))
  })
})

describe("order", () => {
  const view = (fields: Partial<OrderStatus>) => {
    const { chrome, status } = samples("Plain")
    const changed = new OrderStatus({ ...status, ...fields })
    return String(OrderPage.view(chrome, { status: changed, justPlaced: true, recommendations: "unavailable" }))
  }

  it("D14: says that an e-mail was sent only when it was", () => {
    assertTrue(view({ email: "sent" }).includes("We have sent you a confirmation"))
    for (const email of ["failed", "pending", "not-sent"] as const) {
      assertTrue(!view({ email }).includes("We have sent"))
    }
    assertTrue(view({ email: "failed" }).includes("We could not send the e-mail"))
  })

  it("promises no card uncharged while that is open", () => {
    const failed = { state: "failed", order: undefined } as const
    assertTrue(view({ ...failed, payment: "not-charged" }).includes("Your card was not charged"))
    assertTrue(!view({ ...failed, payment: "pending" }).includes("was not charged"))
    assertTrue(view({ ...failed, payment: "refunded" }).includes("has been given back"))
  })
})

describe("highlight", () => {
  it("marks the words of the query whatever their case, and reads no pattern in them", () => {
    strictEqual(String(highlight("Night <Train>", "night <t")), "<mark>Night</mark> <mark>&lt;T</mark>rain&gt;")
    strictEqual(String(highlight("a.b", ". ( [")), "a<mark>.</mark>b")
  })

  it.prop("loses nothing of the text", [FastCheck.string(), FastCheck.string()], ([name, query]) => {
    strictEqual(String(highlight(name, query)).replace(/<\/?mark>/g, ""), String(highlight(name, "")))
  })
})

describe("assets", () => {
  it("stay small: 25 kB of style, 3 kB of script", () => {
    assertTrue(statSync(new URL("../static/style.css", import.meta.url)).size <= 25_000)
    assertTrue(statSync(new URL("../static/station.js", import.meta.url)).size <= 3_000)
  })

  it("ask no other site for anything", () => {
    const sheet = readFileSync(new URL("../static/style.css", import.meta.url), "utf8")
    for (const [, address = ""] of sheet.matchAll(/url\(([^)]*)\)/g)) {
      assertTrue(statSync(new URL(`../static/${address.replaceAll('"', "")}`, import.meta.url)).isFile())
    }
  })
})
