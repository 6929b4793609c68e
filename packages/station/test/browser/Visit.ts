import { deepStrictEqual } from "@effect/vitest/utils"
import { Context, Effect, Layer } from "effect"
import type { BrowserContextOptions, Page } from "playwright-core"
import * as Child from "../../../process/test/Child.ts"
import { Chromium } from "./Chromium.ts"

/** Where the shop is: scheme, host and port. */
export class Address extends Context.Tag("@retro/station/test/Address")<Address, string>() {
  /** The shop that `npm start` starts, as a process of its own on a free port. */
  static readonly layer = Layer.scoped(
    Address,
    Effect.gen(function* () {
      const child = yield* Child.start({ PORT: "0", RATES: "snapshot" }, "packages/station/main.ts")
      const { groups } = yield* child.line(/^ *shop +(http:\/\/localhost:\d+)$/)
      return groups[0] ?? ""
    })
  )
}

export const phone = { width: 360, height: 740 }
export const desktop = { width: 1280, height: 860 }

/**
 * A shopper with a browser profile of their own. Wherever they go, nothing may be asked of anybody but the shop, and the
 * console may show no error: no script that breaks, nothing that the content security policy stops.
 */
export const visit = (options: BrowserContextOptions, walk: (page: Page, shop: string) => Promise<void>) =>
  Effect.gen(function* () {
    const browser = yield* Chromium
    const shop = yield* Address
    const context = yield* Effect.acquireRelease(
      Effect.promise(() =>
        browser.newContext({ viewport: desktop, reducedMotion: "reduce", baseURL: shop, ...options })
      ),
      (opened) => Effect.promise(() => opened.close())
    )
    context.setDefaultTimeout(10_000)
    const page = yield* Effect.promise(() => context.newPage())
    const trouble: Array<string> = []
    page.on("pageerror", ({ message }) => trouble.push(message))
    page.on("console", (line) => {
      if (line.type() === "error" && !refusal.test(line.text())) trouble.push(line.text())
    })
    page.on("request", (request) => {
      if (!request.url().startsWith(`${shop}/`)) trouble.push(request.url())
    })
    yield* Effect.promise(() => walk(page, shop))
    deepStrictEqual(trouble, [])
  }).pipe(Effect.scoped)

/** Chromium's word about pages that are not there, or that say why nothing was ordered. */
const refusal = /^Failed to load resource: the server responded with a status of (4\d\d|503)/

/** Puts a game in the cart without looking at it. */
export const add = (page: Page, productId: string, quantity = 1) =>
  page.request.post("/cart", { form: { product_id: productId, quantity: String(quantity) } })

/** A cart with one game in it, and the form filled in with demo data. */
export const atTheTill = async (page: Page) => {
  await add(page, "OLJCESPC7Z")
  await page.goto("/cart?demo=1")
}

export const pay = (page: Page) => page.locator("form[action='/cart/checkout'] button.primary")

/** How many orders this shopper sees. */
export const orders = async (page: Page) => {
  await page.goto("/orders")
  return page.locator("main .rows li").count()
}
