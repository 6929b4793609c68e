import * as Lazy from "@retro/domain/Lazy"
import { DateTime, Option } from "effect"
import { type Html, html } from "../Html.ts"

const moments = Lazy.make(
  () => new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" })
)
const days = Lazy.make(() => new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" }))

/** A moment, in UTC and saying so. */
export const moment = (at: DateTime.Utc): Html =>
  html`<time datetime="${DateTime.formatIso(at)}">${moments().format(at.epochMillis)} UTC</time>`

/** The day of a moment, in UTC. */
export const day = (at: DateTime.Utc): Html =>
  html`<time datetime="${DateTime.formatIsoDateUtc(at)}">${days().format(at.epochMillis)}</time>`

/** A day that a service named, "2025-11-21"; a text that is none stays as it is. */
export const dayOf = (text: string): Html =>
  isoDay.test(text)
    ? Option.match(DateTime.make(text), { onNone: () => html`${text}`, onSome: (at) => day(DateTime.toUtc(at)) })
    : html`${text}`

const isoDay = /^\d{4}-\d\d-\d\d$/
