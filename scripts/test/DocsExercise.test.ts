import { describe, it } from "@effect/vitest"
import { deepStrictEqual } from "@effect/vitest/utils"
import { rmSync } from "node:fs"
import { afterAll } from "vitest"
import * as Lesson from "../lessons/Lesson.ts"
import * as TypedError from "../lessons/TypedError.ts"
import * as Exercise from "./Exercise.ts"

const folder = Exercise.copy()
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What is wrong before anything is changed is no answer to the change. */
const before = await Exercise.asked(folder)

describe("whoever adds an error is led by the compiler", { timeout: 180_000 }, () => {
  for (const [step, changes] of Object.entries(TypedError.solution)) {
    it(step, async () => {
      changes.forEach((change) => Lesson.make(folder, change))
      deepStrictEqual(
        (await Exercise.asked(folder)).filter((file) => !before.includes(file)),
        Lesson.announced(TypedError.page, step)
      )
    })
  }
})
