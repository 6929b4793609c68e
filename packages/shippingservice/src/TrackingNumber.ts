import { TrackingId } from "@retro/domain/Ids"
import { Effect } from "effect"
import { randomInt } from "node:crypto"

const symbols = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
const length = 12

/** A new number: twelve random letters and digits (62 bits that say nothing about the parcel) and their check character. */
export const make: Effect.Effect<TrackingId> = Effect.sync(() => {
  const random = Array.from({ length }, () => symbols.charAt(randomInt(symbols.length))).join("")
  return TrackingId.make(`${random}${checkCharacter(random)}`)
})

/** Whether the last character fits the others: it never does after one was mistyped, and hardly ever after two were swapped. */
export const isValid = (trackingId: TrackingId): boolean =>
  trackingId.length === length + 1 && checkCharacter(trackingId.slice(0, length)) === trackingId.slice(length)

/** ISO/IEC 7064, MOD 37,36: one check character over letters and digits. */
const checkCharacter = (text: string): string => {
  let product = 36
  for (const symbol of text) {
    const sum = (product + symbols.indexOf(symbol)) % 36
    product = ((sum === 0 ? 36 : sum) * 2) % 37
  }
  return symbols.charAt((37 - product) % 36)
}
