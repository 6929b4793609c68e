import type { CallFailed } from "@retro/contract/Contract"
import type { MailUnavailable } from "@retro/contract/EmailService"
import type { EmailAddress } from "@retro/domain/EmailAddress"
import { Chunk, Context, DateTime, Effect, Layer, Option, Ref } from "effect"

/** A message to one person, as text and as HTML. */
export interface Mail {
  /** The same whenever the same message is handed over again: letters and digits. */
  readonly id: string
  readonly to: EmailAddress
  readonly subject: string
  readonly html: string
  readonly text: string
}

/** Who delivers mail. `CallFailed` where nobody knows whether the message was taken. */
export class Mailer extends Context.Tag("@retro/emailservice/Mailer")<
  Mailer,
  { readonly send: (mail: Mail) => Effect.Effect<void, MailUnavailable | CallFailed> }
>() {}

/** A message and when it was sent. */
export interface Sent extends Mail {
  readonly at: DateTime.Utc
}

/** What was sent lately, for whoever tries the shop out. */
export class Mailbox extends Context.Tag("@retro/emailservice/Mailbox")<
  Mailbox,
  {
    /** The newest first. */
    readonly list: Effect.Effect<ReadonlyArray<Sent>>
    readonly get: (id: string) => Effect.Effect<Option.Option<Sent>>
  }
>() {}

/** How many messages a mailbox remembers. */
export const capacity = 100

/** Delivers nothing: the last {@link capacity} messages stay in this process's memory, to be looked at. */
export const layerCaptured = Layer.effectContext(
  Effect.map(Ref.make(Chunk.empty<Sent>()), (sent) => {
    const mailer = Mailer.of({
      send: (mail) =>
        Effect.flatMap(DateTime.now, (at) =>
          Ref.update(sent, (mails) => Chunk.take(Chunk.prepend(mails, { ...mail, at }), capacity))
        )
    })
    const mailbox = Mailbox.of({
      list: Effect.map(Ref.get(sent), Chunk.toReadonlyArray),
      get: (id) =>
        Effect.map(
          Ref.get(sent),
          Chunk.findFirst((mail) => mail.id === id)
        )
    })
    return Context.make(Mailer, mailer).pipe(Context.add(Mailbox, mailbox))
  })
)
