import { RecentSpans } from "@retro/telemetry/RecentSpans"
import { Effect, Option } from "effect"
import { PageChrome } from "../PageChrome.ts"
import * as Refused from "../Refused.ts"
import * as Response from "../Response.ts"
import { both } from "../Together.ts"
import * as Traces from "../Traces.ts"
import * as TypedErrorGuide from "../TypedErrorGuide.ts"
import * as TracePage from "../views/TracePage.ts"
import * as TracesPage from "../views/TracesPage.ts"
import * as TypedErrorsPage from "../views/TypedErrorsPage.ts"
import type { Page } from "./Page.ts"

/** The most traces on a page. */
const shown = 100

/** What the last requests did, in development; where no spans are kept there are no such pages. */
export const make = Effect.gen(function* () {
  const recent = Option.filter(yield* Effect.serviceOption(RecentSpans), ({ capacity }) => capacity > 0)
  const chrome = yield* PageChrome
  const open = Effect.mapError(recent, () => Refused.notFound())
  const traces = Effect.map(
    Effect.flatMap(open, ({ all }) => all),
    Traces.of
  )

  const list: Page = Effect.fnUntraced(function* (visit) {
    const wanted = wantedIn(new URLSearchParams(visit.request.query))
    const [all, around] = yield* both(traces, chrome.around(visit))
    const found = all.filter(Traces.isWanted(wanted))
    return Response.page(200, TracesPage.view(around, { wanted, traces: found.slice(0, shown), total: found.length }))
  })

  const show: Page = Effect.fnUntraced(function* (visit) {
    const [all, around] = yield* both(traces, chrome.around(visit))
    const errors = yield* TypedErrorGuide.read
    const trace = all.find(({ id }) => id === visit.params["id"])
    if (trace === undefined) return yield* Effect.fail(Refused.notFound())
    return Response.page(200, TracePage.view(around, { trace, errors, known: new Set(all.map(({ id }) => id)) }))
  })

  const typedErrors: Page = Effect.fnUntraced(function* (visit) {
    yield* open
    const [errors, around] = yield* both(TypedErrorGuide.read, chrome.around(visit))
    return Response.page(200, TypedErrorsPage.view(around, errors.values()))
  })

  return { list, show, typedErrors }
})

const wantedIn = (query: URLSearchParams): Traces.Wanted => {
  const only = query.get("only")
  return {
    text: (query.get("q") ?? "").trim().slice(0, 100),
    only: only === "errors" || only === "slow" ? only : "all"
  }
}
