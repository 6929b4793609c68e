import { describe, it } from "@effect/vitest"
import { deepStrictEqual } from "@effect/vitest/utils"
import { Writable } from "node:stream"
import { setImmediate } from "node:timers/promises"
import * as Gathered from "../src/Gathered.ts"

/** A stream that notes what it sends at once. */
const noting = (sent: Array<ReadonlyArray<string>>) => {
  const send = (chunks: ReadonlyArray<unknown>, done: () => void) => {
    sent.push(chunks.map(String))
    done()
  }
  return new Writable({
    write: (chunk: unknown, _encoding, done) => send([chunk], done),
    writev: (chunks, done) =>
      send(
        chunks.map(({ chunk }) => chunk as unknown),
        done
      )
  })
}

describe("what is written in one turn of the event loop", () => {
  it("goes out in one piece when the turn ends", async () => {
    const sent: Array<ReadonlyArray<string>> = []
    const stream = noting(sent)
    const write = (text: string) => {
      Gathered.untilTheTurnEnds(stream)
      stream.write(text)
    }
    write("one")
    await Promise.resolve()
    write("two")
    deepStrictEqual(sent, [])
    await setImmediate()
    deepStrictEqual(sent, [["one", "two"]])
    write("three")
    await setImmediate()
    deepStrictEqual(sent, [["one", "two"], ["three"]])
  })
})
