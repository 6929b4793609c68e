import { Address } from "@retro/domain/Address"
import * as Money from "@retro/domain/Money"
import { Order, OrderItem } from "@retro/domain/Order"
import { Html, html } from "../src/Html.ts"
import { render } from "../src/OrderConfirmation.ts"
import { describe, it } from "@effect/vitest"
import { assertEquals, assertFalse, assertTrue } from "@effect/vitest/utils"
import { Arbitrary, FastCheck } from "effect"
import { order, yenOrder } from "./Orders.ts"

const textOf = (markup: string) =>
  markup
    .replace(/<style[\s\S]*?<\/style>|<[^>]*>/g, "\n")
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))

describe("OrderConfirmation", () => {
  it("tells ids, each line's price, quantity and total, shipping, total, address and card, in HTML and in text", () => {
    const { html, text } = render(order())
    for (const body of [textOf(html), text]) {
      for (const said of [
        "0f8b7c1e-3d5a-4b6c-9e21-7a4c5d6e7f80",
        "A1B2C3D4E5F6G",
        "Moon & Meadow",
        "<b>Bit</b> Rally",
        "$19.99",
        "$39.98",
        "$5.00",
        "$8.99",
        "$53.97",
        "Ada Canary",
        '1 "Canary" <Wharf>',
        "London, E14 5AB",
        "United Kingdom",
        "November 22, 2026",
        "Visa ending in 0454"
      ])
        assertTrue(body.includes(said), said)
    }
    assertTrue(text.includes("2 × $19.99 = $39.98"))
  })

  it("D11: writes yen without decimals, and a nameless line by its product id", () => {
    const { html, text } = render(yenOrder)
    for (const body of [textOf(html), text]) {
      for (const said of ["¥2,235", "¥6,705", "¥1,405", "¥8,110", "OLJCESPC7Z"]) assertTrue(body.includes(said), said)
      assertFalse(body.includes("ending in"))
    }
  })

  it("names the order, and nothing of a person, in the subject", () => {
    assertEquals(render(order()).subject, "Your Retro Station order 0F8B7C1E")
  })

  it("escapes whatever an order holds: its markup has only our own tags", () => {
    const tagsOf = (markup: string) => (markup.match(/<\/?[a-z]+/g) ?? []).join()
    const one = Arbitrary.make(Address)
    const names = FastCheck.string({ unit: "grapheme", maxLength: 40 })
    FastCheck.assert(
      FastCheck.property(
        names,
        FastCheck.constantFrom("", "<script>", '"><img src=x onerror=1>', "&lt;b"),
        (name, evil) => {
          const [first] = order().items
          const item = new OrderItem({ ...first, name: `x${name}${evil}` })
          const innocent = render(order({ items: [new OrderItem({ ...first, name: "x" })] }))
          const markup = render(order({ items: [item] })).html
          assertEquals(tagsOf(markup), tagsOf(innocent.html))
          assertTrue(textOf(markup).includes(item.name))
        }
      )
    )
    FastCheck.assert(
      FastCheck.property(one, (shippingAddress) => {
        const markup = render(order({ shippingAddress })).html
        assertFalse(
          /<(?!\/?(?:html|head|meta|title|body|div|table|tr|td|th|thead|tbody|h1|h2|p|br)\b|!doctype)/.test(markup)
        )
        assertTrue(textOf(markup).includes(shippingAddress.streetAddress))
      }),
      { numRuns: 50 }
    )
  })

  it("renders every order there can be", () =>
    FastCheck.assert(
      FastCheck.property(Arbitrary.make(Order), (any) => {
        const { html, text } = render(any)
        for (const body of [textOf(html), text]) assertTrue(body.includes(Money.format(any.total)))
      }),
      { numRuns: 30 }
    ))

  it("is one document that needs no style sheet, script or picture from elsewhere", () => {
    const { html } = render(order())
    assertTrue(html.startsWith("<!doctype html>"))
    assertFalse(/<(script|style|link|img|iframe)|https?:|url\(/i.test(html))
    for (const tag of ["table", "tr", "td", "body", "html", "p"]) {
      assertEquals(html.split(`<${tag}`).length, html.split(`</${tag}>`).length, tag)
    }
  })
})

describe("Html", () => {
  it("escapes texts, keeps markup, joins lists", () => {
    assertEquals(html`<p title="${"\"'"}">${"<&>"}</p>`.markup, '<p title="&#34;&#39;">&#60;&#38;&#62;</p>')
    assertEquals(html`${[html`<i>1</i>`, html`<i>2</i>`]}${new Html("<hr>")}`.markup, "<i>1</i><i>2</i><hr>")
  })
})
