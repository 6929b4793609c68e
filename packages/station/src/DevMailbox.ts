import { Mailbox, type Sent } from "@retro/emailservice/Mailer"
import * as Frontend from "@retro/frontend/DevMailbox"
import { Effect, Layer, Option, Redacted } from "effect"

/** The website's dev mailbox, filled by what emailservice captured. */
export const layer = Layer.effect(
  Frontend.DevMailbox,
  Effect.map(Mailbox, (mailbox) => ({
    list: Effect.map(mailbox.list, (mails) => mails.map(shown)),
    get: (id) => Effect.map(mailbox.get(id), Option.map(shown))
  }))
)

/** In development the reader of a mail is its writer: the address may be seen. */
const shown = (mail: Sent): Frontend.Mail => ({ ...mail, to: Redacted.value(mail.to) })
