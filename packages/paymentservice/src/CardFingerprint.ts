import * as PiiKey from "@retro/outcomes/PiiKey"
import { Context, Effect, Layer, Redacted } from "effect"
import { createHmac, randomBytes } from "node:crypto"
import type { GoodCard } from "./CardRules.ts"

/** Tells whether two cards are the same one, and is useless for finding the number. */
export class CardFingerprint extends Context.Tag("@retro/paymentservice/CardFingerprint")<
  CardFingerprint,
  (card: GoodCard) => string
>() {}

/** A keyed hash (HMAC-SHA-256, hex) of number and expiry. Without the key, trying every number finds nothing. */
const keyedBy = (secret: Redacted.Redacted<Buffer>) => (card: GoodCard) =>
  createHmac("sha256", Redacted.value(secret))
    .update(`card ${Redacted.value(card.number)} ${card.expirationYear}-${card.expirationMonth}`)
    .digest("hex")

/** By `PII_KEY`, the same in every replica. */
export const layerConfig = Layer.effect(CardFingerprint, Effect.map(PiiKey.config, keyedBy))

/** By a key of this process's own: fingerprints mean nothing after it. */
export const layerRandom = Layer.sync(CardFingerprint, () => keyedBy(Redacted.make(randomBytes(PiiKey.length))))
