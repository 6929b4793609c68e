import { Effect, Schema } from "effect"
import { DevJournal } from "../DevJournal.ts"
import * as Form from "../Form.ts"
import { PageChrome } from "../PageChrome.ts"
import * as Refused from "../Refused.ts"
import * as Response from "../Response.ts"
import { both } from "../Together.ts"
import * as JournalPage from "../views/JournalPage.ts"
import * as Paths from "../views/Paths.ts"
import type { Page } from "./Page.ts"

/** How orders go on behind the pages, in development; a parked one is put back. Without journals there is no such page. */
export const make = Effect.gen(function* () {
  const journal = yield* Effect.serviceOption(DevJournal)
  const chrome = yield* PageChrome
  const open = Effect.mapError(journal, () => Refused.notFound())

  const show: Page = Effect.fnUntraced(function* (visit) {
    const [journals, around] = yield* both(
      Effect.flatMap(open, ({ list }) => list),
      chrome.around(visit)
    )
    return Response.page(200, JournalPage.view(around, { journals }))
  })

  const retry: Page = Effect.fnUntraced(function* (visit) {
    const { retry } = yield* open
    const { id } = yield* Effect.mapError(form(yield* Form.posted(visit.request)), () => Refused.notFound())
    yield* retry(id)
    return Response.seeOther(Paths.journal)
  })

  return { show, retry }
})

const form = Form.make(Schema.Struct({ id: Schema.String }), { id: "Choose a journal." })
