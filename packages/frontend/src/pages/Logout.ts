import { Effect } from "effect"
import { CookieJar } from "../CookieJar.ts"
import { PageChrome } from "../PageChrome.ts"
import * as Preferences from "../Preferences.ts"
import * as Response from "../Response.ts"
import { Sessions } from "../Session.ts"
import * as LogoutPage from "../views/LogoutPage.ts"
import type { Page } from "./Page.ts"

/** Forgets the browser, when it is asked to by a form; a link only asks back. */
export const make = Effect.gen(function* () {
  const jar = yield* CookieJar
  const sessions = yield* Sessions
  const chrome = yield* PageChrome

  const ask: Page = (visit) => Effect.map(chrome.around(visit), (around) => Response.page(200, LogoutPage.view(around)))

  const leave: Page = ({ request }) =>
    Effect.succeed(
      Response.withCookies(Response.seeOther("/"), [
        sessions.forget(request),
        ...Object.values(Preferences.cookies).map((name) => jar.forget(request, name))
      ])
    )

  return { ask, leave }
})
