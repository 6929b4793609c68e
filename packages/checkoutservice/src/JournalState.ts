import { Schema } from "effect"
import { type Entry } from "./JournalStore.ts"

const of = { id: Schema.String }

/** What happens to a journal. All that a store knows follows from what happened; times are in Unix milliseconds. */
export const Event = Schema.Union(
  Schema.TaggedStruct("Begun", {
    ...of,
    program: Schema.String,
    group: Schema.String,
    fingerprint: Schema.String,
    input: Schema.String,
    at: Schema.Number,
    attempts: Schema.Number
  }),
  Schema.TaggedStruct("Taken", { ...of, owner: Schema.String, until: Schema.Number }),
  Schema.TaggedStruct("Renewed", { ...of, until: Schema.Number }),
  Schema.TaggedStruct("Written", { ...of, step: Schema.String, text: Schema.String }),
  /** Nobody's, and nobody claims it before then. */
  Schema.TaggedStruct("Released", { ...of, until: Schema.Number }),
  Schema.TaggedStruct("Parked", of),
  /** An operator put it back. */
  Schema.TaggedStruct("Unparked", { ...of, until: Schema.Number }),
  Schema.TaggedStruct("Finished", of)
)
export type Event = typeof Event.Type

/** A journal as it stands. */
export interface Journal {
  readonly id: string
  readonly program: string
  readonly group: string
  readonly fingerprint: string
  readonly input: string
  readonly begunAt: number
  readonly steps: Map<string, string>
  owner: string | undefined
  /** Until then it is its owner's; without an owner, nobody's. */
  until: number
  attempts: number
  parked: boolean
  finished: boolean
}

/** Journals by id, in the order in which they were begun. */
export type Journals = Map<string, Journal>

/** Lets an event happen. */
export const apply = (journals: Journals, event: Event): void => {
  if (event._tag === "Begun") {
    const { _tag, at, ...beginning } = event
    const fresh = { steps: new Map<string, string>(), owner: undefined, parked: false, finished: false }
    journals.set(event.id, { ...beginning, ...fresh, begunAt: at, until: at })
    return
  }
  const journal = journals.get(event.id)
  if (journal !== undefined) change(journal, event)
}

const change = (journal: Journal, event: Exclude<Event, { readonly _tag: "Begun" }>): void => {
  switch (event._tag) {
    case "Taken":
      journal.owner = event.owner
      journal.until = event.until
      journal.attempts++
      return
    case "Renewed":
      journal.until = event.until
      return
    case "Written":
      journal.steps.set(event.step, event.text)
      return
    case "Released":
      journal.owner = undefined
      journal.until = event.until
      return
    case "Parked":
      journal.owner = undefined
      journal.parked = true
      return
    case "Unparked":
      journal.parked = false
      journal.until = event.until
      journal.attempts = 0
      return
    case "Finished":
      journal.finished = true
  }
}

/** Journals that nobody owns any more, as when the only process that could has ended. */
export const disown = (journals: Journals): void => {
  for (const journal of journals.values()) {
    if (journal.owner !== undefined) change(journal, { _tag: "Released", id: journal.id, until: journal.begunAt })
  }
}

/** The fewest events that lead to these journals, which nobody owns. */
export function* history(journals: Journals): Generator<Event> {
  for (const {
    attempts,
    begunAt,
    finished,
    fingerprint,
    group,
    id,
    input,
    parked,
    program,
    steps,
    until
  } of journals.values()) {
    yield { _tag: "Begun", id, program, group, fingerprint, input, at: begunAt, attempts }
    for (const [step, text] of steps) yield { _tag: "Written", id, step, text }
    if (until > begunAt) yield { _tag: "Released", id, until }
    if (parked) yield { _tag: "Parked", id }
    if (finished) yield { _tag: "Finished", id }
  }
}

/** Forgets what was begun no later than that. */
export const forget = (journals: Journals, begunAt: number): void => {
  for (const journal of journals.values()) {
    if (journal.begunAt > begunAt) return
    journals.delete(journal.id)
  }
}

/** What is written of a journal. */
export const entryOf = ({
  attempts,
  begunAt,
  finished,
  fingerprint,
  group,
  id,
  input,
  owner,
  parked,
  program,
  steps,
  until
}: Journal): Entry => ({
  id,
  program,
  group,
  fingerprint,
  input,
  steps: new Map(steps),
  parked,
  finished,
  leasedUntil: owner === undefined || finished ? undefined : until,
  attempts,
  begunAt
})
