import { describe, it } from "@effect/vitest"
import { deepStrictEqual, strictEqual } from "@effect/vitest/utils"
import * as Remembered from "../src/Remembered.ts"

describe("what is remembered", () => {
  const asked = new Array<string>()
  const answer = (question: string) => {
    asked.push(question)
    return question === "" ? undefined : question.length
  }
  const askedFor = (remembered: (question: string) => unknown, questions: ReadonlyArray<string>) => {
    asked.length = 0
    questions.forEach(remembered)
    return [...asked]
  }

  it("is the same answer, asked for once", () => {
    const remembered = Remembered.make(2, answer)
    deepStrictEqual(askedFor(remembered, ["a", "a", "bb", "a", "bb"]), ["a", "bb"])
    strictEqual(remembered("bb"), 2)
  })

  it("is never more than that: the oldest is asked for again", () => {
    const remembered = Remembered.make(2, answer)
    deepStrictEqual(askedFor(remembered, ["a", "b", "c", "b", "c", "a"]), ["a", "b", "c", "a"])
  })

  it("is no answer that is none: it takes nobody's place", () => {
    const remembered = Remembered.make(2, answer)
    deepStrictEqual(askedFor(remembered, ["a", "b", "", "", "a", "b"]), ["a", "b", "", ""])
  })
})
