import * as MessageCodec from "@retro/domain/MessageCodec"
import { Data, Effect, Schema } from "effect"
import { Claim, type Entry } from "./JournalStore.ts"

/** What Redis holds is no journal: a defect, since only JournalScripts write there. Holds no value. */
export class JournalCorrupt extends Data.TaggedError("JournalCorrupt") {}

/** The fields and values of a hash, one after the other. */
export const Fields = Schema.Array(Schema.String)

/** To a claim. */
export const ClaimReply = Schema.Union(
  Schema.Tuple(Schema.Literal("Done"), Schema.String),
  Schema.Tuple(Schema.Literal("Mine"), Schema.Int, Fields),
  Schema.Tuple(Schema.Literal("Busy")),
  Schema.Tuple(Schema.Literal("Reused"))
)
/** Whether the journal is theirs. */
export const OwnerReply = Schema.transformLiterals([1, true], [0, false])
/** Ids and programs. */
export const ExpiredReply = Schema.Array(Schema.Tuple(Schema.String, Schema.String))
/** Ids, and the fields and values of each. */
export const SetReply = Schema.Array(Schema.Tuple(Schema.String, Fields))

/** What an owner to be was answered. */
export const claimOf = Effect.fnUntraced(function* (owner: string, reply: typeof ClaimReply.Type) {
  switch (reply[0]) {
    case "Done":
      return Claim.Done({ answer: reply[1] })
    case "Mine": {
      const { input, steps } = yield* entryOf("", reply[2])
      return Claim.Mine({ owner, input, steps, attempts: reply[1] })
    }
    case "Busy":
      return Claim.Busy()
    case "Reused":
      return Claim.Reused()
  }
})

const decodeJournal = MessageCodec.decoder(
  Schema.Struct({
    program: Schema.String,
    group: Schema.String,
    fingerprint: Schema.String,
    input: Schema.String,
    begun: Schema.NumberFromString,
    attempts: Schema.NumberFromString,
    owner: Schema.optional(Schema.String),
    until: Schema.NumberFromString,
    parked: Schema.optional(Schema.String),
    finished: Schema.optional(Schema.String)
  })
)

/** What a hash holds of the journal with this id. */
export const entryOf = Effect.fnUntraced(function* (id: string, texts: ReadonlyArray<string>) {
  const steps = new Map<string, string>()
  const fields = new Map<string, string>()
  for (let index = 0; index + 1 < texts.length; index += 2) {
    const [field = "", value = ""] = texts.slice(index, index + 2)
    if (field.startsWith("s:")) steps.set(field.slice(2), value)
    else fields.set(field, value)
  }
  const found = yield* Effect.orDieWith(decodeJournal(Object.fromEntries(fields)), () => new JournalCorrupt())
  const { begun: begunAt, finished, owner, parked, until, ...beginning } = found
  const entry: Entry = {
    id,
    ...beginning,
    steps,
    parked: parked !== undefined,
    finished: finished !== undefined,
    leasedUntil: owner === undefined || finished !== undefined ? undefined : until,
    begunAt
  }
  return entry
})
