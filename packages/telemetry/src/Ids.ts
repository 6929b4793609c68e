import { randomFillSync } from "node:crypto"

/** An id of a trace: 16 random bytes in hexadecimal. */
export const ofTrace = (): string => hex(16)

/** An id of a span: 8 random bytes in hexadecimal. */
export const ofSpan = (): string => hex(8)

/** Random bytes are drawn many at a time: one by one they would cost more than the rest of a span. */
const pool = Buffer.alloc(8192)
let used = pool.length

const hex = (bytes: number): string => {
  if (used + bytes > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += bytes
  return pool.toString("hex", used - bytes, used)
}
