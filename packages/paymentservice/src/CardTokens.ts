import type { CallFailed } from "@retro/contract/Contract"
import { CardTokenExpired } from "@retro/contract/PaymentService"
import * as Entries from "@retro/outcomes/Entries"
import { Outcomes } from "@retro/outcomes/Outcomes"
import { Duration, Effect, Option, Schema } from "effect"
import { randomBytes } from "node:crypto"

/** What is kept of a card: nothing that anybody could pay with. */
export class KeptCard extends Schema.Class<KeptCard>("KeptCard")({
  brand: Schema.String,
  lastFour: Schema.String,
  expirationYear: Schema.Int,
  expirationMonth: Schema.Int,
  fingerprint: Schema.String,
  /** The gateway's name for the card. */
  instrument: Schema.String
}) {}

/** How long a token stands for its card. */
export const timeToLive = Duration.hours(1)

/** Cards by random tokens, for an hour, in the service's store of outcomes, which sees only a hash of the token. */
export interface CardTokens {
  readonly keep: (card: KeptCard) => Effect.Effect<string, CallFailed>
  readonly find: (token: string) => Effect.Effect<KeptCard, CardTokenExpired | CallFailed>
}

/** Keeps cards in the store of outcomes. */
export const make: Effect.Effect<CardTokens, never, Outcomes> = Effect.map(Outcomes, (outcomes) => ({
  keep: Effect.fnUntraced(function* (card) {
    const token = yield* Effect.sync(() => `card_${randomBytes(24).toString("base64url")}`)
    yield* Entries.answered(outcomes.putIfAbsent(nameOf(token), yield* print(card), timeToLive))
    return token
  }),
  find: (token) =>
    Entries.answered(outcomes.find(nameOf(token))).pipe(
      Effect.flatMap(Option.match({ onNone: () => new CardTokenExpired(), onSome: parse }))
    )
}))

const nameOf = (token: string) => Entries.nameOf("card", token)

const json = Schema.parseJson(KeptCard)

// Texts and numbers always encode, and only what was encoded here is ever read.
const print = (card: KeptCard) => Effect.orDie(Schema.encode(json)(card))
const parse = (text: string) => Effect.orDie(Schema.decode(json)(text))
