import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue } from "@effect/vitest/utils"
import * as Ids from "../src/Ids.ts"

/** More than are drawn at a time. */
const many = { length: 1000 }

describe("ids", () => {
  it("are digits of hexadecimal, as many as W3C Trace Context wants, and none comes twice", () => {
    const ids = Array.from(many, (_, index) => (index % 3 === 0 ? Ids.ofTrace() : Ids.ofSpan()))
    for (const [index, id] of ids.entries()) assertTrue((index % 3 === 0 ? /^[\da-f]{32}$/ : /^[\da-f]{16}$/).test(id))
    assertEquals(new Set(ids.map((id) => id.slice(0, 16))).size, many.length)
  })
})
