import { type CurrencyCode, isCurrencyCode } from "@retro/domain/Currency"
import { Schema } from "effect"

/** What prices are shown in until somebody says otherwise. */
export const defaultCurrency: CurrencyCode = "USD"

/** Cookies that hold what a shopper prefers. */
export const cookies = { currency: "shop_currency", theme: "shop_theme" } as const

/** A theme as its form sends it. */
export const Theme = Schema.Literal("auto", "light", "dark")

const isTheme = Schema.is(Theme)

/** The currency in the cookie, or the default where there is none or it is broken. */
export const currencyOf = (cookie: string | undefined): CurrencyCode =>
  cookie !== undefined && isCurrencyCode(cookie) ? cookie : defaultCurrency

/** The theme in the cookie, or the device's. */
export const themeOf = (cookie: string | undefined): typeof Theme.Type => (isTheme(cookie) ? cookie : "auto")

/** Whether a cookie holds something that one of our forms wrote. */
export const isKept = (value: string): boolean => isCurrencyCode(value) || isTheme(value)
