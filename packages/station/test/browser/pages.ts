import { AxeBuilder } from "@axe-core/playwright"
import type { Vitest } from "@effect/vitest"
import { deepStrictEqual, strictEqual } from "@effect/vitest/utils"
import type { Page } from "playwright-core"
import type { Chromium } from "./Chromium.ts"
import { add, type Address, atTheTill, pay, visit } from "./Visit.ts"

/** An order, and the page that confirms it. */
const ordered = async (page: Page) => {
  await atTheTill(page)
  await pay(page).click()
  await page.waitForURL("**/order/**")
}

/** Ways to pages in the states that look different, by name. */
export type States = Readonly<Record<string, (page: Page) => Promise<void>>>

/** The way to a page that an address alone leads to. */
export const opened = (path: string) => (page: Page) => page.goto(path).then(() => undefined)

/** Every page of a shop where all is well. */
const states: States = {
  home: opened("/"),
  product: opened("/product/1YMWWN1N4O"),
  "search with results": opened("/search?q=light"),
  "search with near matches": opened("/search?q=tramm"),
  "search without any match": opened("/search?q=xyzzyq"),
  "search narrowed": opened("/search?q=&platform=Auriga&max_price=50&sort=price"),
  genre: opened("/category/puzzle"),
  platform: opened("/platform/Auriga"),
  "empty cart": opened("/cart"),
  cart: async (page) => {
    await add(page, "OLJCESPC7Z")
    await add(page, "1YMWWN1N4O", 3)
    await page.goto("/cart")
  },
  "cart after a removal": async (page) => {
    await add(page, "OLJCESPC7Z")
    await page.goto("/cart?product_id=1YMWWN1N4O&quantity=3")
  },
  "cart with errors": async (page) => {
    await atTheTill(page)
    for (const name of ["email", "city", "credit_card_number", "credit_card_cvv"]) await page.fill(`#${name}`, "")
    await pay(page).click()
    await page.locator("#problems").waitFor()
  },
  "cart with a declined card": async (page) => {
    await atTheTill(page)
    await page.fill("#credit_card_number", "4432801561520512")
    await pay(page).click()
    await page.getByRole("alert").waitFor()
  },
  order: ordered,
  "no orders": opened("/orders"),
  orders: async (page) => {
    await ordered(page)
    await page.goto("/orders")
  },
  tracking: async (page) => {
    await ordered(page)
    await page.locator(".receipt a[href^='/track/']").click()
    await page.waitForURL("**/track/**")
  },
  "page not found": opened("/nowhere"),
  "not for looking at": opened("/setCurrency"),
  leaving: opened("/logout"),
  traces: opened("/dev/traces"),
  "a trace: a declined card is paymentservice's, beneath checkout, beneath the website": async (page) => {
    await atTheTill(page)
    await page.fill("#credit_card_number", "4432801561520512")
    await pay(page).click()
    await page.getByRole("alert").waitFor()
    await page.goto("/dev/traces?only=errors&q=checkout")
    await page.locator("main .rows a").first().click()
    await page.waitForURL("**/dev/traces/*")
    const failed = page.locator(".waterfall .bad .what")
    const lines = await failed.allTextContents()
    const services = lines.map((line) => /(frontend|checkoutservice|paymentservice)/.exec(line)?.[0])
    deepStrictEqual([...new Set(services)], ["frontend", "checkoutservice", "paymentservice"])
    strictEqual(
      lines.every((line) => line.includes("CardDeclined")),
      true
    )
    await page.locator(".waterfall .bad summary").last().click()
    await page.locator(".waterfall [open]").getByText("The issuer of the card said no.").waitFor()
  },
  "dev mailbox": opened("/dev/mail"),
  "a mail": async (page) => {
    await ordered(page)
    await page.goto("/dev/mail")
    await page.locator("main .rows a").first().click()
    await page.waitForURL("**/dev/mail/*")
  }
}

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

/**
 * What axe finds, by rule, with where. In its legacy mode it needs no second page, and does not go into frames: the only
 * one, of a mail, runs no scripts.
 */
const violations = async (page: Page) => {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(tags).analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => String(target)).join(", ")}`)
}

/** How far the page is wider than the window, in pixels. */
const overflow = (page: Page) => page.evaluate<number>("document.documentElement.scrollWidth - innerWidth")

/** What has moved since the page opened (Cumulative Layout Shift), from where to where, and by how much in all. */
export const moved = (page: Page) =>
  page.evaluate<ReadonlyArray<string>>(`new Promise((resolve) => {
    const moves = []
    const line = ({ height, width, x, y }) => [x, y, width, height].map(Math.round).join(" ")
    new PerformanceObserver((list) => {
      for (const { hadRecentInput, sources, value } of list.getEntries())
        for (const { currentRect, node, previousRect } of hadRecentInput ? [] : sources)
          moves.push([value, node?.nodeName, node?.className, line(previousRect), "->", line(currentRect)].join(" "))
    }).observe({ type: "layout-shift", buffered: true })
    document.fonts.ready.then(() => setTimeout(() => resolve(moves), 50))
  })`)

/** Twice the size of text alone, as browsers let one set it. */
const largeText = async (page: Page) => {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send("Page.setFontSizes", { fontSizes: { standard: 32, fixed: 26 } })
  strictEqual(await page.evaluate("getComputedStyle(document.documentElement).fontSize"), "32px")
}

/** Texts that do not fit into what they stand in, and are cut off there or stand out of it. */
const cutOff = (page: Page) =>
  page.evaluate<ReadonlyArray<string>>(`Array.from(document.querySelectorAll("main *, header *, footer *"))
    .filter((element) => element.matches("a, button, h1, h2, h3, p, dd, dt, li, label, legend, td, th, span:not(.hidden)"))
    .filter((element) => !element.closest(".hidden, .skip, .welcome") && element.offsetParent !== null)
    .filter(({ clientWidth, scrollWidth }) => clientWidth > 0 && scrollWidth > clientWidth + 1)
    .map(({ className, tagName, textContent }) => tagName + "." + className + ": " + textContent.trim().slice(0, 40))`)

/** What must hold for every page in every state. */
export const hold = (it: Vitest.MethodsNonLive<Chromium | Address, true>, states: States) => {
  for (const [name, reach] of Object.entries(states)) {
    it.effect(`${name}: accessible in both themes, still, and whole at 320 px, at 200 % and with text at 200 %`, () =>
      visit({ colorScheme: "light" }, async (page) => {
        await reach(page)
        deepStrictEqual(await moved(page), [])
        deepStrictEqual(await violations(page), [])
        await page.emulateMedia({ colorScheme: "dark" })
        deepStrictEqual(await violations(page), [])
        // Zoomed to 200 % a window of 1280 pixels has 640, zoomed to 400 % it has 320.
        for (const width of [640, 320]) {
          await page.setViewportSize({ width, height: 640 })
          strictEqual(await overflow(page), 0)
        }
        await largeText(page)
        for (const width of [1280, 640]) {
          await page.setViewportSize({ width, height: 640 })
          deepStrictEqual([await overflow(page), await cutOff(page)], [0, []])
        }
      })
    )
  }
}

/** Every page of a shop where all is well, and what the pages do beside that. */
export const pages = (it: Vitest.MethodsNonLive<Chromium | Address, true>) => {
  hold(it, states)

  it.effect("the chosen theme wins over the device's, and is kept", () =>
    visit({ colorScheme: "light" }, async (page) => {
      await page.goto("/")
      const scheme = () => page.evaluate<string>("getComputedStyle(document.documentElement).backgroundColor")
      const light = await scheme()
      await page.getByRole("button", { name: "Dark" }).click()
      await page.locator("html[data-theme=dark]").waitFor()
      const dark = await scheme()
      strictEqual(dark === light, false)
      await page.goto("/product/OLJCESPC7Z")
      strictEqual(await scheme(), dark)
    })
  )

  it.effect("a product tells search engines what it shows, at addresses that are there", () =>
    visit({}, async (page, shop) => {
      await page.goto("/product/1YMWWN1N4O")
      await page.selectOption("#currency_code", "EUR")
      await page.getByRole("button", { name: "Set", exact: true }).click()
      await page.locator(".fare .price", { hasText: "€" }).waitFor()
      const data = JSON.parse((await page.locator("script[type='application/ld+json']").textContent()) ?? "")
      const text = async (selector: string) => ((await page.locator(selector).first().textContent()) ?? "").trim()
      const canonical = await page.locator("link[rel=canonical]").getAttribute("href")
      deepStrictEqual(
        {
          context: data["@context"],
          type: data["@type"],
          name: data.name,
          description: data.description,
          platform: data.gamePlatform,
          offer: data.offers
        },
        {
          context: "https://schema.org",
          type: ["VideoGame", "Product"],
          name: await text("h1"),
          description: await text(".story"),
          platform: await text(".card-facts a"),
          offer: {
            "@type": "Offer",
            price: (await text(".fare .price")).replace("€", ""),
            priceCurrency: "EUR",
            availability: "https://schema.org/InStock",
            url: canonical
          }
        }
      )
      strictEqual(canonical, `${shop}/product/1YMWWN1N4O`)
      for (const address of [data.image, data.offers.url]) strictEqual((await page.request.get(address)).status(), 200)
    })
  )

  it.effect("a receipt on paper is the receipt alone, in dark ink", () =>
    visit({ colorScheme: "dark" }, async (page) => {
      await ordered(page)
      await page.emulateMedia({ media: "print" })
      const seen = (selector: string) => page.locator(selector).first().isVisible()
      deepStrictEqual(
        [
          await seen(".receipt"),
          await seen("header"),
          await seen("footer"),
          await seen(".connections"),
          await seen("form")
        ],
        [true, false, false, false, false]
      )
      strictEqual(await page.evaluate("getComputedStyle(document.querySelector('.receipt')).color"), "rgb(29, 25, 56)")
    })
  )
}
