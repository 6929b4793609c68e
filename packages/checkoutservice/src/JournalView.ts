import { Option, Schema } from "effect"
import { answerStep, type Entry } from "./JournalStore.ts"

/** A journal as an operator may see it: nothing of whose it is, of what was bought, or of the texts of its steps. */
export interface JournalView {
  readonly id: string
  /** Name and version. */
  readonly program: string
  readonly state: (typeof states)[number]
  /** Milliseconds of the Unix epoch, as all times here. */
  readonly begunAt: number
  /** How often it was taken since it was begun, or since an operator put it back. */
  readonly attempts: number
  /** Until when somebody works on it; undefined where nobody does. */
  readonly leasedUntil: number | undefined
  readonly steps: ReadonlyArray<{ readonly name: string; readonly outcome: string }>
}

/**
 * How a journal stands: somebody works on it or will; it waits for an operator; it ended in an order, in a refusal before
 * anything was done, or in one after which what was done was undone.
 */
export const states = ["in-flight", "parked", "done", "failed", "compensated"] as const

/** What an operator may see of a journal. */
export const of = (entry: Entry): JournalView => {
  const { attempts, begunAt, id, leasedUntil, program } = entry
  const steps = [...entry.steps]
    .map(([name, text]) => ({ name, outcome: outcomeOf(name, text) }))
    .sort((one, other) => placeOf(one.name) - placeOf(other.name))
  return { id, program, state: stateOf(entry, steps), begunAt, attempts, leasedUntil, steps }
}

const stateOf = ({ finished, parked }: Entry, steps: JournalView["steps"]): JournalView["state"] => {
  if (parked) return "parked"
  if (!finished) return "in-flight"
  if (steps.some(({ name }) => name.startsWith("undo:"))) return "compensated"
  return steps.some(({ outcome }) => outcome.startsWith("failed")) ? "failed" : "done"
}

/** Stores keep steps in no order. */
const placeOf = (step: string): number => (order.includes(step) ? order.indexOf(step) : order.length)

const order = [
  "give-up:price",
  "price",
  "give-up:charge",
  "charge",
  "give-up:ship",
  "ship",
  "undo:charge",
  answerStep,
  "clear-cart",
  "mail"
]

/** The answer is sealed, and what was given up holds nothing: both say only that they are there. */
const outcomeOf = (name: string, text: string): string => {
  if (name.startsWith("give-up:")) return "given up"
  if (name === answerStep) return "written"
  return Option.match(failureIn(text), { onNone: () => "done", onSome: ({ left }) => `failed: ${left._tag}` })
}

const failureIn = Schema.decodeUnknownOption(
  Schema.parseJson(Schema.TaggedStruct("Left", { left: Schema.Struct({ _tag: Schema.String }) }))
)
