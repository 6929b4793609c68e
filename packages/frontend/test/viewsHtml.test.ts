import { it } from "@effect/vitest"
import { assertTrue, strictEqual } from "@effect/vitest/utils"
import { FastCheck } from "effect"
import { describe } from "vitest"
import { html, Html, segment } from "../src/Html.ts"

const hostile = FastCheck.oneof(
  FastCheck.string({ unit: "binary" }),
  FastCheck.string({ unit: FastCheck.constantFrom("<", ">", "&", '"', "'", "/", "=", "-", "!", "script", "&lt;", " ") })
)

const entity = /&(amp|lt|gt|quot|#39);/g
const unescape = (text: string): string =>
  text.replace(entity, (_, name: string) => ({ amp: "&", lt: "<", gt: ">", quot: '"' })[name] ?? "'")

describe("Html", () => {
  it.prop("no text breaks out of text or of a quoted attribute, and none is lost", [hostile], ([text]) => {
    const inText = String(html`<p>${text}</p>`).slice(3, -4)
    const inAttribute = String(html`<p title="${text}"></p>`).slice(10, -6)
    for (const shown of [inText, inAttribute]) {
      assertTrue(!/[<>"']/.test(shown))
      assertTrue(!/&/.test(shown.replace(entity, "")))
      strictEqual(unescape(shown), text)
    }
  })

  it("puts markup into markup as it is, lists without a separator, and nothing for undefined and false", () => {
    const items = ["a", "<b>"].map((name) => html`<li>${name}</li>`)
    strictEqual(String(html`${items}${undefined}${false}${0}${Html.raw("<hr>")}`), "<li>a</li><li>&lt;b&gt;</li>0<hr>")
  })

  it.prop("JSON never ends the script element that holds it", [hostile], ([text]) => {
    const shown = String(html`${Html.json({ text })}`)
    assertTrue(!shown.includes("<"))
    strictEqual(JSON.parse(shown).text, text)
  })

  it.prop("a segment stays one segment of a path", [hostile], ([text]) => {
    const address = new URL(`/platform/${segment(text)}`, "http://shop.test")
    const parts = address.pathname.split("/")
    assertTrue(address.search === "" && address.hash === "")
    if (text !== "." && text !== "..") strictEqual(decodeURIComponent(parts.slice(2).join("/")), text)
  })
})
