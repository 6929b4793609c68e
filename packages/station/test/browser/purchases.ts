import type { Vitest } from "@effect/vitest"
import { assertTrue, deepStrictEqual, strictEqual } from "@effect/vitest/utils"
import type { Page } from "playwright-core"
import type { Chromium } from "./Chromium.ts"
import { add, type Address, atTheTill, desktop, orders, pay, phone, visit } from "./Visit.ts"

const declined = "4432 8015 6152 0512"
const approved = "4432 8015 6152 0454"

/** A person whose name, street and city are not ASCII, in a country without states. */
const person = {
  email: "lucja@example.com",
  name: "Łucja O'Brien",
  street_address: "東京通り 1-1",
  zip_code: "00123",
  city: "Łódź"
}
const card = { credit_card_number: approved, credit_card_cvv: "072" }

const fill = async (page: Page) => {
  for (const [name, value] of Object.entries({ ...person, ...card })) await page.fill(`#${name}`, value)
  await page.selectOption("#country", "PL")
  await page.selectOption("#credit_card_expiration_month", "1")
  await page.selectOption("#credit_card_expiration_year", { index: 5 })
}

/** From the home page to the confirmation: currency, search, product, cart, address, card; then all that is left of it. */
const purchase = async (page: Page, currency: string, form: RegExp) => {
  await page.goto("/")
  await page.selectOption("#currency_code", currency)
  await page.getByRole("button", { name: "Set", exact: true }).click()
  await page.fill("#q", "skarn")
  await page.press("#q", "Enter")
  strictEqual(await page.locator("mark").first().textContent(), "Skarn")
  await page.getByRole("link", { name: "Skarn Light" }).click()
  await page.fill("#quantity", "2")
  await page.getByRole("button", { name: "Add to cart" }).click()
  await page.waitForURL("**/cart")
  await page.selectOption("#destination", "PL")
  await page.getByRole("button", { name: "Quote" }).click()
  await page.waitForURL("**/cart?country=PL")
  await fill(page)
  const total = ((await pay(page).textContent()) ?? "").replace("Pay ", "").trim()
  assertTrue(form.test(total), total)
  await pay(page).click()
  await page.waitForURL("**/order/**")
  strictEqual(await page.locator("h1").textContent(), "Thank you!")
  strictEqual(await page.locator("tr.total .price").textContent(), total)
  const receipt = (await page.locator(".receipt").innerText()).replace(/\s+/g, " ")
  for (const text of [person.name, person.street_address, "00123 Łódź", "Poland", "Visa ending in 0454"])
    assertTrue(receipt.includes(text), `${text} is not in: ${receipt}`)
  await page.locator(".receipt a[href^='/track/']").click()
  strictEqual(await page.locator("[aria-current=step]").count(), 1)
  strictEqual(await orders(page), 1)
  await page.goto("/dev/mail")
  await page.locator("main .rows a").first().click()
  assertTrue((await page.locator("pre.mail").innerText()).includes(total))
  assertTrue((await page.frameLocator("iframe").locator("body").innerText()).includes(person.name))
}

const dollars = /^\$\d+\.\d\d$/
const euros = /^€\d+\.\d\d$/
const yen = /^¥\d{1,3}(,\d{3})*$/

/** Presses Tab until the focus is there, and sees that it is shown on the way. */
const tabTo = async (page: Page, selector: string) => {
  for (let presses = 0; presses < 120; presses++) {
    await page.keyboard.press("Tab")
    const [there, shown] = await page.evaluate<[boolean, boolean]>(`(() => {
      const focused = document.activeElement
      const outlines = ["", "::after"].map((part) => getComputedStyle(focused, part).outlineStyle)
      return [focused.matches(${JSON.stringify(selector)}), outlines.some((style) => style !== "none")]
    })()`)
    assertTrue(shown, `the focus cannot be seen on the way to ${selector}`)
    if (there) return
  }
  throw new Error(`no way to ${selector} by keyboard`)
}

const typeInto = async (page: Page, selector: string, text: string) => {
  await tabTo(page, selector)
  await page.keyboard.type(text)
}

const enter = async (page: Page, selector: string, destination: string) => {
  await tabTo(page, selector)
  await Promise.all([page.waitForURL(destination), page.keyboard.press("Enter")])
}

/** Purchases by all kinds of shoppers, and what can go wrong in them. */
export const purchases = (it: Vitest.MethodsNonLive<Chromium | Address, true>) => {
  it.effect("a purchase in dollars, on a phone", () =>
    visit({ viewport: phone }, (page) => purchase(page, "USD", dollars))
  )

  it.effect("a purchase in dollars, on a desktop without JavaScript", () =>
    visit({ viewport: desktop, javaScriptEnabled: false }, (page) => purchase(page, "USD", dollars))
  )

  it.effect("a purchase in euros, on a desktop", () =>
    visit({ viewport: desktop }, (page) => purchase(page, "EUR", euros))
  )

  it.effect("a purchase in euros, on a phone without JavaScript", () =>
    visit({ viewport: phone, javaScriptEnabled: false }, (page) => purchase(page, "EUR", euros))
  )

  it.effect("D11: a purchase in yen, on a phone", () =>
    visit({ viewport: phone }, (page) => purchase(page, "JPY", yen))
  )

  it.effect("D11: a purchase in yen, on a desktop without JavaScript", () =>
    visit({ viewport: desktop, javaScriptEnabled: false }, (page) => purchase(page, "JPY", yen))
  )

  it.effect("a purchase by keyboard alone, with the focus in sight all the way", () =>
    visit({}, async (page) => {
      await page.goto("/")
      await tabTo(page, ".skip")
      await page.keyboard.press("Enter")
      await enter(page, ".card a", "**/product/**")
      await enter(page, "form.buy button", "**/cart")
      await typeInto(page, "#email", person.email)
      await typeInto(page, "#name", person.name)
      await typeInto(page, "#street_address", "Hlavná 1")
      await typeInto(page, "#city", "Košice")
      await typeInto(page, "#country", "Slovakia")
      await typeInto(page, "#credit_card_number", approved)
      strictEqual(await page.locator("#credit_card_number-hint").textContent(), "Visa")
      await typeInto(page, "#credit_card_expiration_month", "01")
      await typeInto(page, "#credit_card_expiration_year", String(new Date().getUTCFullYear() + 5))
      await typeInto(page, "#credit_card_cvv", "072")
      await tabTo(page, "form[action='/cart/checkout'] button")
      // The form asks for the price of shipping to Slovakia first, which the page has not shown yet.
      await page.keyboard.press("Enter")
      await page.locator(".notice.bad").or(page.locator(".receipt")).waitFor()
      if ((await page.locator(".notice.bad").count()) > 0) {
        await typeInto(page, "#credit_card_number", approved)
        await typeInto(page, "#credit_card_cvv", "072")
        await enter(page, "form[action='/cart/checkout'] button", "**/order/**")
      }
      strictEqual(await orders(page), 1)
    })
  )

  it.effect("D4: two clicks on Pay, without JavaScript too, are one order", () =>
    visit({ javaScriptEnabled: false }, async (page) => {
      await atTheTill(page)
      await pay(page).dblclick()
      // Not for the address: the second click takes the place of the first one's navigation.
      await page.locator(".receipt").waitFor()
      strictEqual(await orders(page), 1)
    })
  )

  it.effect("D4: going back after the order and reloading it is still one order", () =>
    visit({}, async (page) => {
      await atTheTill(page)
      await pay(page).click()
      await page.waitForURL("**/order/**")
      const address = page.url()
      await page.reload()
      strictEqual(page.url(), address)
      await page.goBack()
      strictEqual(await orders(page), 1)
      await page.goto("/cart")
      strictEqual(await pay(page).count(), 0)
    })
  )

  for (const javaScriptEnabled of [true, false]) {
    it.effect(`D4: Pay pressed again after going back leads to the one order, JavaScript ${javaScriptEnabled}`, () =>
      visit({ javaScriptEnabled }, async (page) => {
        await atTheTill(page)
        await pay(page).click()
        await page.waitForURL("**/order/**")
        const first = page.url()
        await page.goBack()
        await page.waitForURL("**/cart?demo=1")
        strictEqual(((await pay(page).textContent()) ?? "").trim(), "Pay $28.98")
        await pay(page).click()
        await page.waitForURL("**/order/**")
        strictEqual(page.url(), first)
        strictEqual(await orders(page), 1)
      })
    )
  }

  it.effect("D21: a declined card is said, and another one then pays for one order", () =>
    visit({}, async (page) => {
      await atTheTill(page)
      await page.fill("#credit_card_number", declined)
      await pay(page).click()
      const notice = page.getByRole("alert")
      assertTrue(/declined/.test((await notice.textContent()) ?? ""))
      await page.locator("[role=alert]:focus").waitFor()
      const values = (ids: ReadonlyArray<string>) => Promise.all(ids.map((id) => page.inputValue(`#${id}`)))
      deepStrictEqual(await values(["name", "country", "credit_card_expiration_year"]), ["Ada Sprite", "US", "2039"])
      deepStrictEqual(await values(["credit_card_number", "credit_card_cvv"]), ["", ""])
      await page.fill("#credit_card_number", approved)
      await page.fill("#credit_card_cvv", "672")
      await pay(page).click()
      await page.waitForURL("**/order/**")
      await page.goto("/orders")
      strictEqual(await page.locator(".state.completed").count(), 1)
    })
  )

  it.effect("an expired card is said beside its year and at the top, where the focus is", () =>
    visit({}, async (page) => {
      await atTheTill(page)
      const year = page.locator("#credit_card_expiration_year")
      await page.evaluate(
        `document.querySelector("#credit_card_expiration_year").add(new Option("2020", "2020", true, true))`
      )
      await pay(page).click()
      const summary = page.locator("#problems")
      await page.locator("#problems:focus").waitFor()
      deepStrictEqual(
        [await year.getAttribute("aria-invalid"), await year.getAttribute("aria-describedby"), await year.inputValue()],
        ["true", "credit_card_expiration_year-error", "2020"]
      )
      assertTrue(await page.locator("#credit_card_expiration_year-error").isVisible())
      await summary.getByRole("link").click()
      await page.locator("#credit_card_expiration_year:focus").waitFor()
    })
  )

  it.effect("what changes in the cart is announced, and a removed game can be put back", () =>
    visit({}, async (page) => {
      const said = (text: string) => page.locator("#said", { hasText: text }).waitFor({ state: "attached" })
      await page.goto("/product/OLJCESPC7Z")
      await page.getByRole("button", { name: "Add to cart" }).click()
      await said("1 game in your cart.")
      await page.fill("#quantity-OLJCESPC7Z", "3")
      await page.getByRole("button", { name: "Update Skarn Light" }).click()
      await said("3 games in your cart.")
      await page.getByRole("button", { name: "Remove Skarn Light" }).click()
      await said("Skarn Light is out of your cart. 0 games in your cart.")
      await page.getByRole("button", { name: "Put it back" }).click()
      await said("3 games in your cart.")
      strictEqual(await page.inputValue("#quantity-OLJCESPC7Z"), "3")
    })
  )

  it.effect("a list that is changed by mouse sends itself; by keyboard it waits for its button", () =>
    visit({}, async (page) => {
      await add(page, "OLJCESPC7Z")
      await page.goto("/cart")
      await page.focus("#currency_code")
      await page.keyboard.press("ArrowDown")
      await page.keyboard.press("ArrowDown")
      strictEqual(await page.locator(".total .price").textContent(), "$28.98")
      await page.locator("#currency_code").dispatchEvent("pointerdown")
      await page.selectOption("#currency_code", "JPY")
      await page.locator(".total .price", { hasText: "¥" }).waitFor()
    })
  )
}
