import { randomBytes } from "node:crypto"

/** An id of a trace: 16 random bytes in hexadecimal. */
export const ofTrace = (): string => next(32)

/** An id of a span: 8 random bytes in hexadecimal. */
export const ofSpan = (): string => next(16)

/** Drawn and written many at a time: one by one they would cost more than the rest of a span. */
let digits = ""
let used = 0

const next = (count: number): string => {
  if (used + count > digits.length) {
    digits = randomBytes(1024).toString("hex")
    used = 0
  }
  used += count
  return digits.slice(used - count, used)
}
