import { CurrencyCode } from "@retro/domain/Currency"
import { Effect, Either, Schema } from "effect"
import { CatalogCache } from "../CatalogCache.ts"
import { CookieJar } from "../CookieJar.ts"
import * as Form from "../Form.ts"
import * as Preferences from "../Preferences.ts"
import * as Refused from "../Refused.ts"
import * as Response from "../Response.ts"
import { ownPath, refererPath } from "../SameSite.ts"
import type { Visit } from "../Visit.ts"
import type { Page } from "./Page.ts"

/** What a shopper prefers, kept in cookies; each form leads back to the page it was on. */
export const make = Effect.gen(function* () {
  const jar = yield* CookieJar
  const { currencies } = yield* CatalogCache

  const remember = ({ request }: Visit, returnTo: string, cookie: string, value: string) =>
    Response.withCookies(Response.seeOther(ownPath(returnTo) ?? refererPath(request) ?? "/"), [
      jar.write(request, cookie, value)
    ])

  const setCurrency: Page = Effect.fnUntraced(function* (visit) {
    const { currency_code: code, return_to } = yield* decoded(currencyForm(yield* Form.posted(visit.request)))
    const isOffered = yield* Effect.match(currencies, {
      onFailure: () => true,
      onSuccess: ({ currencyCodes }) => currencyCodes.includes(code)
    })
    if (!isOffered) return yield* Refused.fields({ currency_code: noCurrency })
    return remember(visit, return_to, Preferences.cookies.currency, code)
  })

  const setTheme: Page = Effect.fnUntraced(function* (visit) {
    const { return_to, theme } = yield* decoded(themeForm(yield* Form.posted(visit.request)))
    return remember(visit, return_to, Preferences.cookies.theme, theme)
  })

  return { setCurrency, setTheme }
})

const decoded = Either.mapLeft(({ errors }: Form.Invalid) => Refused.fields(errors))

const noCurrency = "Choose one of the currencies on the list."
const returnTo = Schema.String.pipe(Schema.maxLength(2000))
const tooLong = "This address is too long."

const currencyForm = Form.make(Schema.Struct({ currency_code: CurrencyCode, return_to: returnTo }), {
  currency_code: noCurrency,
  return_to: tooLong
})

const themeForm = Form.make(Schema.Struct({ theme: Preferences.Theme, return_to: returnTo }), {
  theme: "Choose auto, light or dark.",
  return_to: tooLong
})
