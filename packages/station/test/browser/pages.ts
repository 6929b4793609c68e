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

const opened = (path: string) => (page: Page) => page.goto(path).then(() => undefined)

/** Every page in the states that look different, and the way there. */
const states: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  home: opened("/"),
  product: opened("/product/1YMWWN1N4O"),
  "search with results": opened("/search?q=light"),
  "search with near matches": opened("/search?q=tramm"),
  "search without any match": opened("/search?q=xyzzyq"),
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
  leaving: opened("/logout"),
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
const violations = async (page: Page, rules?: ReadonlyArray<string>) => {
  const axe = new AxeBuilder({ page }).setLegacyMode()
  const { violations } = await (rules === undefined ? axe.withTags(tags) : axe.withRules([...rules])).analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => String(target)).join(", ")}`)
}

/** How far the page is wider than the window, in pixels. */
const overflow = (page: Page) => page.evaluate<number>("document.documentElement.scrollWidth - innerWidth")

/** How much has moved since the page opened (Cumulative Layout Shift). */
const shift = (page: Page) =>
  page.evaluate<number>(`new Promise((resolve) => {
    let sum = 0
    new PerformanceObserver((list) => {
      for (const { hadRecentInput, value } of list.getEntries()) if (!hadRecentInput) sum += value
    }).observe({ type: "layout-shift", buffered: true })
    document.fonts.ready.then(() => setTimeout(() => resolve(sum), 50))
  })`)

/** What must hold for every page in every state. */
export const pages = (it: Vitest.MethodsNonLive<Chromium | Address, true>) => {
  for (const [name, reach] of Object.entries(states)) {
    it.effect(`${name}: accessible in both themes, still, and no wider than the window at 200 % and at 320 px`, () =>
      visit({ colorScheme: "light" }, async (page) => {
        await reach(page)
        strictEqual(await shift(page), 0)
        deepStrictEqual(await violations(page), [])
        await page.emulateMedia({ colorScheme: "dark" })
        deepStrictEqual(await violations(page, ["color-contrast", "link-in-text-block"]), [])
        // Zoomed to 200 % a window of 1280 pixels has 640, zoomed to 400 % it has 320.
        for (const width of [640, 320]) {
          await page.setViewportSize({ width, height: 640 })
          strictEqual(await overflow(page), 0)
        }
      })
    )
  }

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
