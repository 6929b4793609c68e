import { type CurrencyCode, isCurrencyCode } from "@retro/domain/Currency"
import * as Country from "@retro/domain/Country"
import { Option, Schema } from "effect"

/** What prices are shown in until somebody says otherwise. */
export const defaultCurrency: CurrencyCode = "USD"

/** Cookies that hold what a shopper prefers. */
export const cookies = { currency: "shop_currency", theme: "shop_theme", country: "shop_country" } as const

/** A theme as its form sends it. */
export const Theme = Schema.Literal("auto", "light", "dark")

const isTheme = (text: string): text is typeof Theme.Type => Theme.literals.some((theme) => theme === text)

/** The currency in the cookie, or the default where there is none or it is broken. */
export const currencyOf = (cookie: string | undefined): CurrencyCode =>
  cookie !== undefined && isCurrencyCode(cookie) ? cookie : defaultCurrency

/** The theme in the cookie, or the device's. */
export const themeOf = (cookie: string | undefined): typeof Theme.Type =>
  cookie !== undefined && isTheme(cookie) ? cookie : "auto"

/** The country in the cookie, by its code; undefined where there is none. */
export const countryOf = (cookie: string | undefined): Country.Country | undefined =>
  cookie === undefined ? undefined : Option.getOrUndefined(Country.parse(cookie))

/** Whether a cookie holds something that one of our forms wrote. */
export const isKept = (value: string): boolean => isCurrencyCode(value) || isTheme(value) || countryOf(value) === value
