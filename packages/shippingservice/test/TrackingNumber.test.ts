import { TrackingId } from "@retro/domain/Ids"
import * as TrackingNumber from "../src/TrackingNumber.ts"
import { describe, it } from "@effect/vitest"
import { assertEquals, assertFalse, assertTrue } from "@effect/vitest/utils"
import { Effect, FastCheck } from "effect"

const symbols = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
const numbers = FastCheck.constant(undefined).map(() => Effect.runSync(TrackingNumber.make))

describe("TrackingNumber", () => {
  it.effect("D13: does not repeat, and uses every letter and digit everywhere", () =>
    Effect.gen(function* () {
      const made = yield* Effect.replicateEffect(TrackingNumber.make, 2000)
      assertEquals(new Set(made).size, 2000)
      for (let place = 0; place < 13; place++) assertEquals(new Set(made.map((id) => id[place])).size, 36)
    })
  )

  it("D13: shows every mistyped character", () =>
    FastCheck.assert(
      FastCheck.property(numbers, FastCheck.nat(12), FastCheck.integer({ min: 1, max: 35 }), (id, place, by) => {
        assertTrue(TrackingNumber.isValid(id))
        const other = symbols[(symbols.indexOf(id.charAt(place)) + by) % 36]
        const mistyped = `${id.slice(0, place)}${other}${id.slice(place + 1)}`
        assertFalse(TrackingNumber.isValid(TrackingId.make(mistyped)))
      })
    ))

  it("D13: shows nearly all swapped pairs of characters, which is what ISO/IEC 7064 promises of MOD 37,36", () => {
    const swaps = FastCheck.sample(FastCheck.tuple(numbers, FastCheck.nat(11)), { numRuns: 5000, seed: 1 }).filter(
      ([id, place]) => id[place] !== id[place + 1]
    )
    const unseen = swaps.filter(([id, place]) =>
      TrackingNumber.isValid(TrackingId.make(`${id.slice(0, place)}${id[place + 1]}${id[place]}${id.slice(place + 2)}`))
    )
    assertTrue(swaps.length > 4000 && unseen.length / swaps.length < 0.005, `${unseen.length} of ${swaps.length}`)
  })
})
