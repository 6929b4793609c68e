import { randomUUID } from "node:crypto"
import * as Trouble from "@retro/contract/Trouble"
import { Cause, Effect } from "effect"
import { CookieJar } from "./CookieJar.ts"
import * as Degradation from "./Degradation.ts"
import * as HttpSpan from "./HttpSpan.ts"
import { PageChrome } from "./PageChrome.ts"
import { explain, type PageFailure } from "./PageFailure.ts"
import type { Page } from "./pages/Page.ts"
import * as Preferences from "./Preferences.ts"
import * as Refused from "./Refused.ts"
import type { Request } from "./Request.ts"
import * as Response from "./Response.ts"
import type { Handler } from "./Router.ts"
import { isOwn } from "./SameSite.ts"
import { Sessions } from "./Session.ts"
import * as ErrorPage from "./views/ErrorPage.ts"
import type { Visit } from "./Visit.ts"

/**
 * Makes a handler of a page: who asks is read from cookies, forms of other sites are refused, and whatever goes wrong
 * becomes a page with a sentence and the request's id, and nothing else.
 */
export const make = Effect.gen(function* () {
  const chrome = yield* PageChrome
  const jar = yield* CookieJar
  const sessions = yield* Sessions

  const visitOf = (request: Request, params: Visit["params"]): Effect.Effect<Visit> =>
    Effect.zipWith(sessions.of(request), HttpSpan.traceId, (session, traceId) => ({
      request,
      params,
      requestId: requestIdOf(request),
      traceId,
      session,
      currency: Preferences.currencyOf(jar.read(request, Preferences.cookies.currency)),
      theme: Preferences.themeOf(jar.read(request, Preferences.cookies.theme)),
      country: Preferences.countryOf(jar.read(request, Preferences.cookies.country))
    }))

  /** Cookies of the first visit, or of the first in a day: what the browser keeps lives on for another 30 days. */
  const renewed = ({ request, session }: Visit): ReadonlyArray<string> => {
    if (session.cookie === undefined) return []
    const preferences = Object.values(Preferences.cookies).flatMap((name) => {
      const value = jar.read(request, name)
      return value !== undefined && Preferences.isKept(value) ? [jar.write(request, name, value)] : []
    })
    return [session.cookie, ...preferences]
  }

  const refusal = (visit: Visit, { headers, heading, sentence, status }: Refused.Refused) =>
    Effect.map(status >= 500 || status === 429 ? Effect.succeed(chrome.bare(visit)) : chrome.around(visit), (around) =>
      Response.withHeaders(
        Response.page(status, ErrorPage.view(around, { status, heading, sentence, ways: [] })),
        headers ?? {}
      )
    )

  /** A currency that the rates have lost, or never had, is as good as none (only its own form says so). */
  const inDefaultCurrency = (page: Page, visit: Visit) =>
    Effect.map(page({ ...visit, currency: Preferences.defaultCurrency }), (response) =>
      Response.withCookies(response, [jar.forget(visit.request, Preferences.cookies.currency)])
    )

  const answer = (page: Page, visit: Visit): Effect.Effect<Response.Response> =>
    page(visit).pipe(
      Effect.catchTag("UnsupportedCurrency", () => inDefaultCurrency(page, visit)),
      Effect.tapError(HttpSpan.failedWith),
      Effect.catchAll((failure) => Effect.zipRight(report(visit, failure), refusal(visit, explain(failure)))),
      Effect.catchAllCause((cause) =>
        Cause.isInterruptedOnly(cause)
          ? Effect.interrupt
          : Effect.zipRight(
              Effect.logError("a page broke", { requestId: visit.requestId, reason: Trouble.describe(cause) }),
              refusal(visit, broken)
            )
      )
    )

  /** Says in a header what the page is without; one that is not there at all says so itself. */
  const served = (page: Page, visit: Visit) =>
    Effect.flatMap(answer(page, visit), (response) =>
      Effect.map(Degradation.counted, (notes) =>
        notes.size === 0 ? response : Response.withHeaders(response, { "x-degraded": Degradation.header(notes) })
      )
    )

  const signed = (response: Response.Response, visit: Visit) =>
    Response.withHeaders(Response.withCookies(response, "set-cookie" in response.headers ? [] : renewed(visit)), {
      "x-request-id": visit.requestId
    })

  return (page: Page): Handler =>
    (request, params) =>
      Effect.flatMap(visitOf(request, params), (visit) => {
        const isForeign = request.method === "POST" && !isOwn(request)
        const answered = isForeign ? refusal(visit, foreign) : served(page, visit)
        return Effect.map(answered, (response) => signed(response, visit))
      })
})

const broken = new Refused.Refused({
  status: 500,
  heading: "Something broke",
  sentence: "It is our fault, and we have been told. Your cart and your orders are safe."
})

const foreign = new Refused.Refused({
  status: 403,
  heading: "That came from somewhere else",
  sentence: "Another site tried to do this in your name. Nothing was changed."
})

/** The id that a proxy in front gave the request, or one of our own. */
const requestIdOf = ({ headers }: Request): string => {
  const given = headers["x-request-id"]
  return typeof given === "string" && /^[\w-]{8,64}$/.test(given) ? given : randomUUID()
}

/** What somebody should look at; that a shopper asks for what is not there is nothing of the kind. */
const report = ({ requestId }: Visit, failure: PageFailure): Effect.Effect<void> => {
  switch (failure._tag) {
    case "CallFailed":
    case "PeerRefused":
    case "BadRequest":
    case "CartUnavailable":
      return Effect.logWarning("a page was not served", { requestId, ...failure })
    default:
      return Effect.void
  }
}
