import { Effect, Option } from "effect"
import { DevMailbox } from "../DevMailbox.ts"
import { PageChrome } from "../PageChrome.ts"
import * as Refused from "../Refused.ts"
import * as Response from "../Response.ts"
import { both } from "../Together.ts"
import * as MailboxPage from "../views/MailboxPage.ts"
import * as MailPage from "../views/MailPage.ts"
import * as Paths from "../views/Paths.ts"
import type { Visit } from "../Visit.ts"
import type { Page } from "./Page.ts"

/** The mail captured in development; without a mailbox there are no such pages. */
export const make = Effect.gen(function* () {
  const mailbox = yield* Effect.serviceOption(DevMailbox)
  const chrome = yield* PageChrome

  const list: Page = Effect.fnUntraced(function* (visit) {
    const [messages, around] = yield* both(
      Effect.flatMap(open, ({ list }) => list),
      chrome.around(visit)
    )
    return Response.page(200, MailboxPage.view(around, { messages }))
  })

  const show: Page = Effect.fnUntraced(function* (visit) {
    const [mail, around] = yield* both(read(visit), chrome.around(visit))
    return Response.page(200, MailPage.view(around, { ...mail, htmlHref: `${Paths.mail(mail.id)}/html` }))
  })

  const showHtml: Page = (visit) => Effect.map(read(visit), ({ html }) => Response.sandboxed(html))

  const open = Effect.mapError(mailbox, () => Refused.notFound())

  const read = ({ params }: Visit) =>
    open.pipe(
      Effect.flatMap(({ get }) => get(params["id"] ?? "")),
      Effect.flatMap(Option.match({ onNone: () => Effect.fail(Refused.notFound()), onSome: Effect.succeed }))
    )

  return { list, show, showHtml }
})
