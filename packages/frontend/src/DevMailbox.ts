import { Context, type DateTime, type Effect, type Option } from "effect"

/** A message that was captured instead of sent. */
export interface Mail {
  readonly id: string
  readonly to: string
  readonly subject: string
  readonly at: DateTime.Utc
  readonly html: string
  readonly text: string
}

/** The mail captured in development. Where nobody provides it there is no `/dev`. */
export class DevMailbox extends Context.Tag("@retro/frontend/DevMailbox")<
  DevMailbox,
  {
    /** Newest first. */
    readonly list: Effect.Effect<ReadonlyArray<Mail>>
    readonly get: (id: string) => Effect.Effect<Option.Option<Mail>>
  }
>() {}
